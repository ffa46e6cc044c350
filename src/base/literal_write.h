#ifndef BASE_LITERAL_WRITE_H
#define BASE_LITERAL_WRITE_H

struct buf;
struct value;

/*
 * The value as a literal that literal_parse reads back, for texts that live
 * in records (selections, defaults).  Dates come out as text.
 */
void	 literal_write(struct buf *, const struct value *);

#endif
