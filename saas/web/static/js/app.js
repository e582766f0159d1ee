// Everything that every page does. The order of the first two matters: a form is checked before a question is asked.
import * as forms from "./forms.js";
import * as confirm from "./confirm.js";
import * as replies from "./replies.js";
import * as toast from "./toast.js";
import * as picker from "./picker.js";
import * as tables from "./tables.js";
import * as chart from "./chart.js";
import * as small from "./small.js";
import * as live from "./live.js";
import * as moments from "./moments.js";

for (const part of [forms, confirm, replies, toast, picker, tables, chart, small, live, moments]) part.start();
