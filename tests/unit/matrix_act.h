#ifndef TESTS_UNIT_MATRIX_ACT_H
#define TESTS_UNIT_MATRIX_ACT_H

#include "matrix_case.h"

/* What a check does, and what came of it, in the words of matrix_should.h. */
typedef const char	*matrix_is(struct matrix *, int i);

#define CHECK(name, n, should)	matrix_is	is_##name;
#include "matrix_checks.def"
#undef CHECK

/* Of a refusal: "denied" or "no field"; fails the case for another one. */
const char	*act_failed(struct matrix *);
const char	*act_result(struct matrix *, bool ok);
struct ids	 act_item(struct matrix *, int i);
struct ids	 act_items(struct matrix *);
/* Ids of items, or of their notes, as the items' numbers. */
const char	*act_numbers(struct matrix *, const struct ids *, bool notes);
const char	*act_list(struct matrix *, const struct value *ids);
const char	*act_finds(struct matrix *, const char *domain,
		    const char *order);
const char	*act_finds_notes(struct matrix *, const char *domain,
		    const char *order);
/* Whether the first box, or the tag, is found. */
const char	*act_finds_one(struct matrix *, const char *name,
		    const char *domain);
const char	*act_writes(struct matrix *, const char *name, int64_t id,
		    const char *vals);
/* A command whose first place is the number and whose second is the item. */
const char	*act_commands(struct matrix *, const char *name, int64_t id,
		    int command, int i, const char *third);
/* Values with the x and y of item i. */
const char	*act_like(struct matrix *, int i);
bool		 act_reads(struct matrix *, const char *name, struct ids,
		    const char *field, struct value *);
/* A method with arguments by name. */
bool		 act_calls(struct matrix *, const char *name,
		    const char *method, struct ids, const char *args,
		    struct value *);

#endif
