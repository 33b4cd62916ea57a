// Where a long form leads once it has arrived.
import { forget } from "./draft.js";

forget();
