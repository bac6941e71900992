// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/costs/sql_completion.h"

#include "gateway/core/sql_tokens.h"
#include "gateway/core/text.h"
#include "ui/bridge/text.h"

#include <QCoreApplication>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::costs {
namespace {

using bridge::qt;
using gateway::SqlTable;
using gateway::SqlToken;
using Kind = SqlToken::Kind;

constexpr qsizetype offersAtMost = 50;

QString say(const char *text) { return QCoreApplication::translate("ui::costs::SqlCompletion", text); }

class Completion
{
public:
    Completion(std::string text, std::size_t cursor, const gateway::SqlSchema &schema) : m_text(std::move(text)), m_cursor(cursor), m_schema(schema)
    {
        for (const SqlToken &token : gateway::sqlTokens(m_text)) {
            if (token.kind == Kind::Comment)
                m_within |= token.from < m_cursor && (m_cursor < token.to || (m_cursor == token.to && (token.open || m_text[token.from] == '-')));
            else
                m_tokens.push_back(token);
        }
    }

    SqlOffers make(bool all)
    {
        SqlOffers offers;
        offers.from = qsizetype(m_cursor);
        std::size_t before = 0; // how many words end before the one that is typed
        while (before < m_tokens.size() && m_tokens[before].to < m_cursor)
            ++before;
        if (before < m_tokens.size() && m_tokens[before].from < m_cursor) {
            const SqlToken &word = m_tokens[before];
            if (word.kind == Kind::Name || word.kind == Kind::Keyword) {
                offers.from = qsizetype(word.from);
                offers.typed = qt(std::string_view(m_text).substr(word.from, m_cursor - word.from));
            } else if (word.kind == Kind::Operator && word.to == m_cursor) {
                ++before;
            } else {
                m_within = true; // a text, a number
            }
        }
        const bool afterPoint = before > 0 && is(before - 1, ".");
        if (m_within || (offers.typed.isEmpty() && !all && !afterPoint))
            return offers;
        m_offers = &offers;
        if (afterPoint) {
            if (before > 1)
                offerColumnsOf(std::string(m_tokens[before - 2].in(m_text)));
            return offers;
        }
        const bool table = before > 0 && (isKeyword(m_tokens[before - 1], m_text, "FROM") || isKeyword(m_tokens[before - 1], m_text, "JOIN"));
        if (table)
            offerTables();
        offerColumns();
        if (!table)
            offerTables();
        offerFunctions();
        for (const std::string_view keyword : gateway::sqlKeywords())
            offer(qt(keyword), {});
        return offers;
    }

private:
    [[nodiscard]] bool is(std::size_t at, std::string_view sign) const { return m_tokens[at].kind == Kind::Operator && m_tokens[at].in(m_text) == sign; }

    void offer(const QString &text, const QString &note)
    {
        QList<SqlOffer> &list = m_offers->list;
        const bool fits = text.startsWith(m_offers->typed, Qt::CaseInsensitive) && text.compare(m_offers->typed, Qt::CaseInsensitive) != 0;
        if (!fits || list.size() >= offersAtMost || std::ranges::any_of(list, [&](const SqlOffer &other) { return other.text == text; }))
            return;
        list.append({text, note});
    }

    [[nodiscard]] const SqlTable *tableCalled(std::string_view name) const
    {
        const auto found = std::ranges::find_if(m_schema.tables, [name](const SqlTable &table) { return gateway::equalsIgnoringCase(table.name, name); });
        return found == m_schema.tables.end() ? nullptr : &*found;
    }

    /// The table that a name stands for: its own, or "c" of "FROM calls c" and "calls AS c".
    [[nodiscard]] const SqlTable *tableMeant(std::string_view name) const
    {
        for (std::size_t i = 0; i + 1 < m_tokens.size(); ++i) {
            const SqlTable *table = m_tokens[i].kind == Kind::Name ? tableCalled(m_tokens[i].in(m_text)) : nullptr;
            const std::size_t alias = table && isKeyword(m_tokens[i + 1], m_text, "AS") ? i + 2 : i + 1;
            if (table && alias < m_tokens.size() && m_tokens[alias].kind == Kind::Name && gateway::equalsIgnoringCase(m_tokens[alias].in(m_text), name))
                return table;
        }
        return tableCalled(name);
    }

    void offerColumnsOf(const std::string &name)
    {
        if (const SqlTable *table = tableMeant(name))
            offerColumnsOf(*table);
    }

    void offerColumnsOf(const SqlTable &table)
    {
        for (const gateway::SqlColumn &column : table.columns)
            offer(qt(column.name), qt(column.meaning.empty() ? column.type : column.meaning));
    }

    /// Of those that are read; of calls where nothing is read yet.
    void offerColumns()
    {
        bool any = false;
        for (std::size_t i = 1; i < m_tokens.size(); ++i) {
            if (!isKeyword(m_tokens[i - 1], m_text, "FROM") && !isKeyword(m_tokens[i - 1], m_text, "JOIN") && !is(i - 1, ","))
                continue;
            const SqlTable *table = m_tokens[i].kind == Kind::Name ? tableCalled(m_tokens[i].in(m_text)) : nullptr;
            if (!table)
                continue;
            offerColumnsOf(*table);
            any = true;
        }
        if (!any && !m_schema.tables.empty())
            offerColumnsOf(m_schema.tables.front());
    }

    void offerTables()
    {
        for (const SqlTable &table : m_schema.tables)
            offer(qt(table.name), qt(table.meaning));
    }

    void offerFunctions()
    {
        for (const gateway::SqlFunction &function : m_schema.functions)
            offer(qt(function.name) + u'(', function.meaning.empty() ? say(QT_TRANSLATE_NOOP("ui::costs::SqlCompletion", "function")) : qt(function.meaning));
    }

    std::string m_text;
    std::size_t m_cursor;
    const gateway::SqlSchema &m_schema;
    std::vector<SqlToken> m_tokens;
    bool m_within = false; ///< the cursor is in something that is not to be gone on with
    SqlOffers *m_offers = nullptr;
};

} // namespace

SqlOffers sqlOffers(const QString &text, qsizetype cursor, const gateway::SqlSchema &schema, bool all)
{
    const QByteArray before = text.left(cursor).toUtf8();
    SqlOffers offers = Completion(bridge::utf8(text), std::size_t(before.size()), schema).make(all);
    offers.from = QString::fromUtf8(before.left(offers.from)).size();
    return offers;
}

} // namespace ui::costs
