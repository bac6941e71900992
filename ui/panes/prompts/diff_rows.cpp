// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/prompts/diff_rows.h"

#include "gateway/config/prompt_diff.h"
#include "ui/bridge/text.h"

#include <QCoreApplication>

#include <algorithm>
#include <span>
#include <utility>

using namespace Qt::StringLiterals;

namespace ui::prompts {

using bridge::qt;
using gateway::DiffLine;
using gateway::config::DiffPart;
using gateway::config::PromptVersion;
using Kind = DiffRow::Kind;

namespace {

constexpr std::size_t shownAlike = 2; ///< lines that are alike, on either side of what differs

QString tr(const char *text) { return QCoreApplication::translate("prompts", text); }

DiffRow folded(std::size_t lines) { return {Kind::Folded, lines == 1 ? tr("1 line alike") : tr("%1 lines alike").arg(lines)}; }

QString headingOf(const std::string &what)
{
    if (what == "model")
        return tr("model");
    if (what == "parameters")
        return tr("parameters");
    if (what == "tools")
        return tr("tools");
    if (what == "response_format")
        return tr("form of the answer");
    if (what == "variables")
        return tr("variables");
    if (what == "escape")
        return tr("how values are put in");
    return qt(what); // "partial NAME"
}

Kind kindOf(DiffLine::Kind kind) { return kind == DiffLine::Kind::Removed ? Kind::Removed : kind == DiffLine::Kind::Added ? Kind::Added : Kind::Equal; }

void addLines(QList<DiffRow> &rows, std::span<const DiffLine> lines)
{
    const std::vector<bool> near = gateway::nearChanges(lines, shownAlike);
    std::size_t hidden = 0;
    const auto flush = [&] {
        if (hidden > 0)
            rows << folded(std::exchange(hidden, 0));
    };
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (!near[i]) {
            ++hidden;
            continue;
        }
        flush();
        rows << DiffRow {kindOf(lines[i].kind), qt(lines[i].text)};
    }
    flush();
}

/// A message's part begins with a line for its role: where that is alike, it is the heading.
void addMessage(QList<DiffRow> &rows, const DiffPart &part)
{
    std::span<const DiffLine> lines = part.lines;
    if (!lines.empty() && lines.front().kind == DiffLine::Kind::Equal) {
        QString role = qt(lines.front().text);
        if (role.endsWith(u':'))
            role.chop(1);
        rows << DiffRow {Kind::Heading, role};
        lines = lines.subspan(1);
    } else {
        rows << DiffRow {Kind::Heading, qt(part.what)};
    }
    addLines(rows, lines);
}

std::size_t linesOf(const std::string &text) { return 1 + static_cast<std::size_t>(std::ranges::count(text, '\n')); }

} // namespace

QList<DiffRow> diffRows(const PromptVersion &before, const PromptVersion &after)
{
    const std::vector<DiffPart> parts = gateway::config::diff(before, after);
    QList<DiffRow> rows;
    if (parts.empty())
        return rows;
    std::size_t alike = 0;
    for (std::size_t i = 0; i < std::max(before.messages.size(), after.messages.size()); ++i) {
        const std::string what = "message " + std::to_string(i + 1);
        const auto part = std::ranges::find(parts, what, &DiffPart::what);
        if (part == parts.end()) {
            alike += linesOf(after.messages[i].content);
            continue;
        }
        if (alike > 0)
            rows << folded(std::exchange(alike, 0));
        addMessage(rows, *part);
    }
    if (alike > 0)
        rows << folded(alike);
    for (const DiffPart &part : parts) {
        if (part.what.starts_with("message "))
            continue;
        rows << DiffRow {Kind::Heading, headingOf(part.what)};
        addLines(rows, part.lines);
    }
    return rows;
}

} // namespace ui::prompts
