// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/reports/html.h"

#include "gateway/core/text.h"

#include <fmt/format.h>

#include <algorithm>

namespace gateway::reports {

namespace {

// The light colours of the window.
constexpr std::string_view style = R"css(
@page { size: A4; margin: 16mm 15mm 18mm 15mm; }
* { box-sizing: border-box; }
html { background: #F5F6F8; }
body { margin: 0 auto; max-width: 190mm; padding: 10mm 8mm; background: #FFFFFF; color: #1B2430; font: 10pt/1.4 "Inter", "Segoe UI", "Noto Sans", "Helvetica Neue", Arial, sans-serif; font-variant-numeric: tabular-nums; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
h1 { margin: 0; font-size: 18pt; line-height: 1.2; overflow-wrap: anywhere; }
section + section { border-top: 1px solid #D5DAE1; margin-top: 12mm; padding-top: 10mm; }
.under { margin: 1mm 0 0 0; color: #546070; }
.headline { margin: 5mm 0 4mm 0; font-size: 12.5pt; line-height: 1.35; font-weight: 600; overflow-wrap: anywhere; }
.note { margin: 2mm 0; color: #546070; font-size: 9pt; }
.tiles { display: flex; flex-wrap: wrap; gap: 2mm; margin: 4mm 0; padding: 0; list-style: none; }
.tiles li { flex: 1 1 22%; min-width: 36mm; padding: 2.2mm 2.8mm; border: 1px solid #D5DAE1; border-radius: 1mm; }
.tiles span { display: block; }
.label { color: #546070; font-size: 8.5pt; }
.value { font-size: 14pt; font-weight: 600; line-height: 1.3; }
.change { color: #546070; font-size: 8.5pt; min-height: 1.4em; }
.good { color: #176B3A; }
.bad { color: #B3261E; }
figure { margin: 5mm 0; break-inside: avoid; }
figcaption, caption { text-align: left; font-size: 11pt; font-weight: 600; padding: 0 0 1.5mm 0; caption-side: top; }
svg { display: block; width: 100%; height: auto; }
table { width: 100%; margin: 6mm 0 0 0; border-collapse: collapse; break-inside: avoid; font-size: 9pt; }
th { color: #546070; font-weight: 600; font-size: 8.5pt; text-align: left; vertical-align: bottom; border-bottom: 1px solid #6B7684; padding: 0.8mm 1.5mm; }
td { text-align: left; vertical-align: top; border-bottom: 1px solid #ECEFF3; padding: 0.9mm 1.5mm; overflow-wrap: anywhere; }
th.n, td.n { text-align: right; white-space: nowrap; overflow-wrap: normal; }
tr.sum td { border-top: 1px solid #6B7684; border-bottom: none; font-weight: 600; }
td.bar { background-repeat: no-repeat; background-position: left center; background-image: linear-gradient(#DCE8FA, #DCE8FA); }
footer { margin-top: 10mm; padding-top: 2mm; border-top: 1px solid #D5DAE1; color: #546070; font-size: 8.5pt; }
@media print {
html { background: #FFFFFF; }
body { max-width: none; padding: 0; }
section + section { border-top: none; margin-top: 0; padding-top: 0; break-before: page; }
}
)css";

std::string_view toneClass(SheetTile::Tone tone)
{
    return tone == SheetTile::Tone::Good ? " good" : tone == SheetTile::Tone::Bad ? " bad" : "";
}

class Writer
{
public:
    std::string take()
    {
        closeSection();
        return std::move(m_out);
    }

    void operator()(const SheetTitle &title)
    {
        if (title.newPage || !m_inSection) {
            closeSection();
            m_out += "<section>\n";
            m_inSection = true;
        }
        m_out += fmt::format("<h1>{}</h1>\n", escaped(title.text));
        if (!title.under.empty())
            m_out += fmt::format("<p class=\"under\">{}</p>\n", escaped(title.under));
    }

    void operator()(const SheetText &text)
    {
        const std::string_view kind = text.kind == SheetText::Kind::Headline ? " class=\"headline\"" : text.kind == SheetText::Kind::Note ? " class=\"note\"" : "";
        m_out += fmt::format("<p{}>{}</p>\n", kind, escaped(text.text));
    }

    void operator()(const SheetTiles &tiles)
    {
        m_out += "<ul class=\"tiles\">\n";
        for (const SheetTile &tile : tiles.tiles)
            m_out += fmt::format("<li><span class=\"label\">{}</span><span class=\"value\">{}</span><span class=\"change{}\">{}</span></li>\n", escaped(tile.label), escaped(tile.value), toneClass(tile.tone), escaped(tile.change));
        m_out += "</ul>\n";
    }

    void operator()(const SheetBars &bars)
    {
        m_out += fmt::format("<figure>\n<figcaption>{}</figcaption>\n{}</figure>\n", escaped(bars.title), svgOf(bars));
    }

    void operator()(const SheetTable &table)
    {
        m_out += fmt::format("<table>\n<caption>{}</caption>\n<thead><tr>", escaped(table.title));
        for (const SheetColumn &column : table.columns)
            m_out += fmt::format("<th scope=\"col\"{}>{}</th>", column.number ? " class=\"n\"" : "", escaped(column.title));
        m_out += "</tr></thead>\n<tbody>\n";
        for (const SheetRow &row : table.rows)
            addRow(table, row);
        m_out += "</tbody>\n</table>\n";
    }

private:
    void addRow(const SheetTable &table, const SheetRow &row)
    {
        m_out += row.strong ? "<tr class=\"sum\">" : "<tr>";
        for (std::size_t i = 0; i < row.cells.size(); ++i) {
            const bool number = i < table.columns.size() && table.columns[i].number;
            if (i == 0 && row.share >= 0)
                m_out += fmt::format("<td class=\"bar\" style=\"background-size: {:.1f}% 80%\">{}</td>", std::min(row.share, 1.0) * 100, escaped(row.cells[i]));
            else
                m_out += fmt::format("<td{}>{}</td>", number ? " class=\"n\"" : "", escaped(row.cells[i]));
        }
        m_out += "</tr>\n";
    }

    void closeSection()
    {
        if (m_inSection)
            m_out += "</section>\n";
        m_inSection = false;
    }

    std::string m_out;
    bool m_inSection = false;
};

} // namespace

std::string escaped(std::string_view text)
{
    std::string valid = toValidUtf8(text), out;
    for (const std::string_view none : {"\xEF\xBF\xBE", "\xEF\xBF\xBF"}) { // U+FFFE and U+FFFF: XML 1.0 has neither
        for (std::size_t at = valid.find(none); at != std::string::npos; at = valid.find(none))
            valid.erase(at, none.size());
    }
    for (const char c : valid) {
        switch (c) {
        case '&': out += "&amp;"; break;
        case '<': out += "&lt;"; break;
        case '>': out += "&gt;"; break;
        case '"': out += "&quot;"; break;
        case '\'': out += "&#39;"; break;
        default:
            if (static_cast<unsigned char>(c) >= 0x20) // nor others than three kinds of white space
                out += c;
            else
                out += ' ';
        }
    }
    return out;
}

std::string htmlOf(const ReportSheet &sheet)
{
    Writer writer;
    for (const SheetBlock &block : sheet.blocks)
        std::visit(writer, block);
    return fmt::format("<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
                       "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\"/>\n<meta name=\"generator\" content=\"Signalbox\"/>\n<title>{}</title>\n<style>{}</style>\n</head>\n<body>\n{}"
                       "<footer>{}</footer>\n</body>\n</html>\n",
                       escaped(sheet.title), style, writer.take(), escaped(sheet.footer));
}

} // namespace gateway::reports
