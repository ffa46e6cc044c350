#ifndef ORM_FILES_PRIVATE_H
#define ORM_FILES_PRIVATE_H

struct arena;
struct database;

#define FILES_NEW	".new-"	/* a file that is being written */

const char	*files_path(struct arena *, const struct database *,
		    const char *name);

#endif
