#ifndef BENCH_LIMIT_H
#define BENCH_LIMIT_H

#include <stdbool.h>
#include <stddef.h>

#include <sqlite3.h>

#define IDS		80		/* of the largest set */
#define ANSWER_MAX	(1 << 20)

enum kind { INT, BOOL, TEXT, FLOAT, DATE, DATETIME, LINK, LIST };

/* A field: its key, its column or columns, how it is written. */
struct limit_field {
	const char	*key;
	enum kind	 kind;
	const char	*sql;
};

#define NFIELDS	49

extern const struct limit_field	 limit_fields[NFIELDS];

#define NOTES	8		/* text indexes at most */

/* What adds to a text index. */
struct limit_note {
	char		*index;
	sqlite3_stmt	*add;
};

enum statement {
	BEGIN_READ, BEGIN_WRITE, COMMIT, USER, READ_ONE, READ_SET, SEARCH,
	SEARCH_READ, COUNT, UPDATE, CREATE, LOG, STATEMENT__MAX
};

/* A process: one connection, its statements, the answer being written. */
struct limit {
	const char	*path;
	int		 lock;
	sqlite3		*db;
	sqlite3_stmt	*stmt[STATEMENT__MAX];
	struct limit_note notes[NOTES];
	char		*answer;
	char		*w;			/* where to write next */
	char		*keys[NFIELDS];		/* ,"key": */
	size_t		 key_sizes[NFIELDS];
	char		 query[16384];		/* decoded */
	sqlite3_int64	 user;
	bool		 wrote;
};

/* limit_store.c: each ends the process if it fails. */
void	 limit_die(struct limit *, const char *what);
void	 limit_open(struct limit *);
void	 limit_prepare(struct limit *);
void	 limit_run(struct limit *, enum statement);
void	 limit_begin(struct limit *, bool write);
void	 limit_commit(struct limit *);
void	 limit_checkpoints(void *);		/* for ever */

/* limit_text.c: the function that the triggers of text indexes call. */
void	 limit_texts(struct limit *);

/* limit_json.c: what is written fits, since the data is known. */
#define PUT(l, text)	limit_put(l, text, sizeof(text) - 1)

void	 limit_keys(struct limit *);
void	 limit_put(struct limit *, const char *, size_t);
void	 limit_int(struct limit *, sqlite3_int64);
void	 limit_record(struct limit *, sqlite3_stmt *);

#endif
