"""The colour of a category where a program knows only colours."""

from restoration.vocabularies import AnnotationCategory as Category

# For each: the marker colour of OpenTimelineIO, of Resolve, and of an Avid locator.
COLOURS: dict[str, tuple[str, str, str]] = {
    Category.PLASTIC_FACES: ("RED", "Red", "RED"),
    Category.LOST_GRAIN: ("ORANGE", "Sand", "YELLOW"),
    Category.GHOSTING: ("PURPLE", "Purple", "MAGENTA"),
    Category.FLICKER_LEFT: ("YELLOW", "Yellow", "YELLOW"),
    Category.COLOUR_SHIFT: ("MAGENTA", "Fuchsia", "MAGENTA"),
    Category.INVENTED_DETAIL: ("PINK", "Pink", "RED"),
    Category.MISSED_DAMAGE: ("CYAN", "Cyan", "CYAN"),
    Category.SOUND: ("GREEN", "Green", "GREEN"),
    Category.OTHER: ("BLUE", "Blue", "BLUE"),
}
