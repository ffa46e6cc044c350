#ifndef BASE_LOG_H
#define BASE_LOG_H

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARNING, LOG_ERROR, LOG__MAX };

/*
 * One line to standard error: UTC time, level, request id ("-" if NULL),
 * text.  Control characters and line breaks are written as \xHH, so that
 * nothing from outside can forge a line.  One write(2), so that lines of
 * several workers do not mix.
 */
void	 log_line(enum log_level, const char *request_id, const char *fmt, ...)
	    __attribute__((format(printf, 3, 4)));

#endif
