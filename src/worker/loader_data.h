#ifndef WORKER_LOADER_DATA_H
#define WORKER_LOADER_DATA_H

#include <stdbool.h>

struct env;

/*
 * Loads one data file.  JSON: a section or a list of them, each
 * {"model", "records", "noupdate"}.  MODEL.csv: columns are fields, "id" the
 * external id, "field:id" or "field/id" external ids of others, of a
 * many2many with commas between; an empty value is not set; all but
 * ir.model.access.csv is noupdate.
 */
bool	 loader_data(struct env *, const char *module, const char *path);

#endif
