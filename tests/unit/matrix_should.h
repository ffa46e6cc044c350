#ifndef TESTS_UNIT_MATRIX_SHOULD_H
#define TESTS_UNIT_MATRIX_SHOULD_H

#include "matrix_case.h"

/*
 * What a check of the matrix must come to: "denied", "ok", "no field" or what
 * is shown.  i is the item that it is about.
 */
typedef const char	*matrix_should(const struct matrix *, int i);

matrix_should	 should_find;
matrix_should	 should_count;
matrix_should	 should_some;
matrix_should	 should_lines;
matrix_should	 should_read;
matrix_should	 should_read_all;
matrix_should	 should_write;
matrix_should	 should_unlink;
matrix_should	 should_create;
matrix_should	 should_clear;
matrix_should	 should_always;
matrix_should	 should_all;
matrix_should	 should_name;
matrix_should	 should_code;
matrix_should	 should_code_write;
matrix_should	 should_code_create;
matrix_should	 should_code_read;
matrix_should	 should_code_there;
matrix_should	 should_rows;
matrix_should	 should_copy;
matrix_should	 should_copy_code;
matrix_should	 should_name_create;
matrix_should	 should_related;
matrix_should	 should_related_code;
matrix_should	 should_counted;
matrix_should	 should_code_name;
matrix_should	 should_code_export;
matrix_should	 should_code_given;

#endif
