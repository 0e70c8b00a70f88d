/* Files of etc/report, built into the program (etc/build/embed.cmake). */
#pragma once

#include <stddef.h>

extern const char phx_report_css[], phx_report_js[];
extern const size_t phx_report_css_len, phx_report_js_len;
