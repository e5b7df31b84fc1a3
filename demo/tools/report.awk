# Prints the selected fields of a table whose first line names its columns. form: columns, lvm-columns or lvm-json;
# groups: names of volume groups between spaces, or empty for all.
BEGIN { FS = "\t"; wanted = split(fields, want, ",") }
NR == 1 {
  for (i = 1; i <= NF; i++) column[$i] = i
  for (i = 1; i <= wanted; i++) if (!(want[i] in column)) unknown = want[i]
  if (unknown != "") exit
  next
}
groups != "" && index(groups, " " $(column["vg_name"]) " ") == 0 { next }
form == "lvm-json" {
  row = ""
  for (i = 1; i <= wanted; i++) row = row (i > 1 ? ", " : "") "\"" want[i] "\":\"" $(column[want[i]]) "\""
  rows = rows (rows == "" ? "" : ",") "\n                  {" row "}"
  next
}
{
  row = form == "columns" ? "" : "  "
  for (i = 1; i <= wanted; i++) row = row (i > 1 ? separator : "") $(column[want[i]])
  print row
}
END {
  if (unknown != "") {
    # LVM's message; it prints a well-formed empty report too.
    print "  Unrecognised field: " unknown | "cat 1>&2"
    if (form == "lvm-json") print "  {\n      \"report\": [\n      ]\n  }"
    exit form == "columns" ? 1 : 5
  }
  if (form == "lvm-json") print "  {\n      \"report\": [\n          {\n              \"" kind "\": [" rows "\n              ]\n          }\n      ]\n  }"
}
