/* Text in HTML: nothing from outside is ever markup. */
#include "report/html_priv.h"

void phx_html(const struct html *h, const char *markup)
{
	phx_buf_c(h->out, markup);
}

static void escape(struct phx_buf *out, struct phx_str s)
{
	for (size_t i = 0; i < s.len; i++) {
		switch (s.ptr[i]) {
		case '&':
			phx_buf_c(out, "&amp;");
			break;
		case '<':
			phx_buf_c(out, "&lt;");
			break;
		case '>':
			phx_buf_c(out, "&gt;");
			break;
		case '"':
			phx_buf_c(out, "&quot;");
			break;
		case '\'':
			phx_buf_c(out, "&#39;");
			break;
		default:
			phx_buf_ch(out, s.ptr[i]);
		}
	}
}

static void masked(struct html *h, struct phx_str s)
{
	struct phx_buf safe = {0};

	if (!h->o->secrets) {
		escape(h->out, s);
		return;
	}
	phx_secrets_mask(h->o->secrets, s, &safe);
	escape(h->out, phx_buf_view(&safe));
	phx_buf_done(&safe);
}

void phx_html_text(struct html *h, struct phx_str s)
{
	phx_buf_clear(&h->text);
	phx_report_one_line(s, &h->text);
	masked(h, phx_buf_view(&h->text));
}

void phx_html_lines(struct html *h, struct phx_str s)
{
	phx_buf_clear(&h->text);
	phx_buf_printable(&h->text, s);
	masked(h, phx_buf_view(&h->text));
}

void phx_html_code(struct html *h, struct phx_str s)
{
	phx_html(h, "<code>");
	phx_html_text(h, s);
	phx_html(h, "</code>");
}

void phx_html_number(const struct html *h, uint64_t n)
{
	phx_buf_u64(h->out, n);
}

void phx_html_class(const struct html *h, const char *name, uint8_t action)
{
	phx_buf_printf(h->out, " class=\"%s a-%s\"", name, phx_report_verb(action));
}
