// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/costs/sql_highlighter.h"

#include "gateway/core/sql_tokens.h"
#include "ui/bridge/text.h"
#include "ui/widgets/theme_colors.h"

using namespace Qt::StringLiterals;

namespace ui::costs {
namespace {

using gateway::SqlToken;
using Kind = SqlToken::Kind;

constexpr qsizetype longestLine = 20'000;

/// What stands before a line, so that the scanner reads on in what began above: the block's state.
enum State { Plain, InComment, InText, InName };

QString opening(int state)
{
    switch (state) {
    case InComment: return u"/*"_s;
    case InText: return u"'"_s;
    case InName: return u"\""_s;
    default: return {};
    }
}

} // namespace

void SqlHighlighter::highlightBlock(const QString &line)
{
    setCurrentBlockState(Plain);
    if (line.size() > longestLine)
        return;
    const QString before = opening(previousBlockState());
    const std::string text = bridge::utf8(before + line);
    const widgets::ThemeColors &c = widgets::colorsOf(m_widget);
    const std::vector<SqlToken> tokens = gateway::sqlTokens(text);
    std::size_t bytes = 0; // up to there, `at` characters
    qsizetype at = 0;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        const SqlToken &token = tokens[i];
        at += QString::fromUtf8(text.data() + bytes, qsizetype(token.from - bytes)).size();
        const qsizetype length = QString::fromUtf8(text.data() + token.from, qsizetype(token.to - token.from)).size();
        bytes = token.from;
        const bool called = token.kind == Kind::Name && i + 1 < tokens.size() && tokens[i + 1].in(text) == "(";
        QTextCharFormat format;
        switch (token.kind) {
        case Kind::Keyword: format.setForeground(c.accent); break;
        case Kind::Name: called ? format.setForeground(c.accent) : format.setForeground(c.text); break;
        case Kind::Text:
        case Kind::Blob: format.setForeground(c.ok); break;
        case Kind::Number: format.setForeground(c.warn); break;
        case Kind::Comment: format.setForeground(c.muted); break;
        case Kind::Wrong:
        case Kind::Parameter: format.setForeground(c.err); break;
        case Kind::QuotedName:
        case Kind::Operator: format.setForeground(c.text); break;
        }
        setFormat(int(qMax<qsizetype>(0, at - before.size())), int(length), format);
        if (token.open)
            setCurrentBlockState(token.kind == Kind::Comment ? InComment : token.kind == Kind::Text ? InText : token.in(text).starts_with('"') ? InName : Plain);
    }
}

} // namespace ui::costs
