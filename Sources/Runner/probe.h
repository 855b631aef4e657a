/* probe.h - what `weir check` asks of a library besides serving: one step in one process, told on stdout. */
#ifndef WEIR_PROBE_H
#define WEIR_PROBE_H

/* arguments: STEP LIBRARY [UID GID]. STEP is load, entry, layout, or version=N. Each line on stdout is a word, a space
 * and a value; "bad" carries a finding, "done" is the last. Returns the exit status: 0, or 64 for wrong arguments. */
int weir_probe(int count, char **arguments);
#endif
