// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/core/sql_tokens.h"

#include "gateway/core/text.h"

#include <algorithm>
#include <limits>
#include <string>

namespace gateway {

namespace {

using Kind = SqlToken::Kind;

bool isSpace(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isHex(char c)
{
    return isDigit(c) || (asciiLower(c) >= 'a' && asciiLower(c) <= 'f');
}

/// As SQLite has it: every byte above ASCII belongs to a name.
bool beginsName(char c)
{
    return (asciiLower(c) >= 'a' && asciiLower(c) <= 'z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

bool isName(char c)
{
    return beginsName(c) || isDigit(c) || c == '$';
}

class Scanner
{
public:
    explicit Scanner(std::string_view text) : m_text(text) {}

    std::vector<SqlToken> scan()
    {
        while (m_at < m_text.size()) {
            if (isSpace(m_text[m_at])) {
                ++m_at;
                continue;
            }
            SqlToken token {.from = m_at};
            read(token);
            token.to = m_at;
            place(token);
            m_tokens.push_back(token);
        }
        return std::move(m_tokens);
    }

private:
    [[nodiscard]] char peek(std::size_t ahead = 0) const { return m_at + ahead < m_text.size() ? m_text[m_at + ahead] : '\0'; }

    template <typename Condition>
    void skipWhile(Condition condition)
    {
        while (m_at < m_text.size() && condition(m_text[m_at]))
            ++m_at;
    }

    void read(SqlToken &token)
    {
        const char c = peek();
        if (c == '-' && peek(1) == '-')
            readLineComment(token);
        else if (c == '/' && peek(1) == '*')
            readBlockComment(token);
        else if (c == '\'' || c == '"' || c == '`')
            readQuoted(token, c, c == '\'' ? Kind::Text : Kind::QuotedName);
        else if (c == '[')
            readBracketed(token);
        else if (asciiLower(c) == 'x' && peek(1) == '\'')
            readBlob(token);
        else if (isDigit(c) || (c == '.' && isDigit(peek(1))))
            readNumber(token);
        else if (beginsName(c))
            readWord(token);
        else if (c == '?' || c == ':' || c == '@' || c == '$')
            readParameter(token);
        else
            readOperator(token);
    }

    void readLineComment(SqlToken &token)
    {
        token.kind = Kind::Comment;
        skipWhile([](char c) { return c != '\n'; });
    }

    void readBlockComment(SqlToken &token)
    {
        token.kind = Kind::Comment;
        const std::size_t end = m_text.find("*/", m_at + 2);
        token.open = end == std::string_view::npos;
        m_at = token.open ? m_text.size() : end + 2;
    }

    /// A doubled quote stands for itself.
    void readQuoted(SqlToken &token, char quote, Kind kind)
    {
        token.kind = kind;
        token.open = true;
        for (++m_at; m_at < m_text.size(); ++m_at) {
            if (m_text[m_at] != quote)
                continue;
            if (peek(1) != quote) {
                ++m_at;
                token.open = false;
                return;
            }
            ++m_at;
        }
    }

    void readBracketed(SqlToken &token)
    {
        token.kind = Kind::QuotedName;
        const std::size_t end = m_text.find(']', m_at);
        token.open = end == std::string_view::npos;
        m_at = token.open ? m_text.size() : end + 1;
    }

    void readBlob(SqlToken &token)
    {
        ++m_at;
        const std::size_t digits = m_at + 1;
        readQuoted(token, '\'', Kind::Blob);
        const std::string_view inside = m_text.substr(digits, m_at - digits - (token.open ? 0 : 1));
        if (token.open || inside.size() % 2 != 0 || !std::ranges::all_of(inside, isHex))
            token.kind = Kind::Wrong;
    }

    void readNumber(SqlToken &token)
    {
        token.kind = Kind::Number;
        if (peek() == '0' && asciiLower(peek(1)) == 'x' && isHex(peek(2))) {
            m_at += 2;
            skipWhile(isHex);
        } else {
            skipWhile(isDigit);
            if (peek() == '.') {
                ++m_at;
                skipWhile(isDigit);
            }
            if (asciiLower(peek()) == 'e' && (isDigit(peek(1)) || ((peek(1) == '+' || peek(1) == '-') && isDigit(peek(2))))) {
                m_at += 2;
                skipWhile(isDigit);
            }
        }
        if (isName(peek())) { // "1day"
            token.kind = Kind::Wrong;
            skipWhile(isName);
        }
    }

    void readWord(SqlToken &token)
    {
        skipWhile(isName);
        const std::string_view word = m_text.substr(token.from, m_at - token.from);
        // After a point stands a column, whatever it is called.
        const bool afterPoint = !m_tokens.empty() && m_tokens.back().kind == Kind::Operator && m_tokens.back().in(m_text) == ".";
        token.kind = !afterPoint && std::ranges::any_of(sqlKeywords(), [word](std::string_view keyword) { return equalsIgnoringCase(keyword, word); }) ? Kind::Keyword : Kind::Name;
    }

    void readParameter(SqlToken &token)
    {
        const char c = m_text[m_at++];
        const std::size_t from = m_at;
        skipWhile(c == '?' ? isDigit : isName);
        token.kind = c == '?' || m_at > from ? Kind::Parameter : Kind::Wrong;
    }

    void readOperator(SqlToken &token)
    {
        static constexpr std::string_view longer[] {"->>", "->", "||", "<<", ">>", "<=", ">=", "<>", "!=", "=="};
        token.kind = Kind::Operator;
        for (const std::string_view each : longer) {
            if (m_text.substr(m_at).starts_with(each)) {
                m_at += each.size();
                return;
            }
        }
        const char c = m_text[m_at++];
        if (c == '\0' || std::string_view("()+-*/%<>=,;.&|~").find(c) == std::string_view::npos)
            token.kind = Kind::Wrong;
    }

    void place(SqlToken &token)
    {
        const std::string_view sign = token.kind == Kind::Operator ? token.in(m_text) : std::string_view();
        if (sign == ")" && m_depth > 0)
            --m_depth;
        token.depth = m_depth;
        if (sign == "(" && m_depth < std::numeric_limits<std::uint16_t>::max())
            ++m_depth;
    }

    std::string_view m_text;
    std::size_t m_at = 0;
    std::uint16_t m_depth = 0;
    std::vector<SqlToken> m_tokens;
};

} // namespace

std::vector<SqlToken> sqlTokens(std::string_view text)
{
    return Scanner(text).scan();
}

bool isKeyword(const SqlToken &token, std::string_view text, std::string_view keyword)
{
    return token.kind == Kind::Keyword && equalsIgnoringCase(token.in(text), keyword);
}

const std::vector<std::string_view> &sqlKeywords()
{
    static const std::vector<std::string_view> keywords {
        "ALL",       "ALTER",    "ANALYZE",  "AND",      "AS",      "ASC",       "ATTACH",   "BEGIN",   "BETWEEN", "BY",       "CASE",    "CAST",    "COLLATE",  "COMMIT",  "CREATE",
        "CROSS",     "CURRENT",  "DELETE",   "DESC",     "DETACH",  "DISTINCT",  "DROP",     "ELSE",    "END",     "ESCAPE",   "EXCEPT",  "EXCLUDE", "EXISTS",   "EXPLAIN", "FILTER",
        "FIRST",     "FOLLOWING", "FROM",    "FULL",     "GLOB",    "GROUP",     "HAVING",   "IN",      "INDEXED", "INNER",    "INSERT",  "INTERSECT", "INTO",   "IS",      "ISNULL",
        "JOIN",      "LAST",     "LEFT",     "LIKE",     "LIMIT",   "MATERIALIZED", "NATURAL", "NOT",   "NOTNULL", "NULL",     "NULLS",   "OFFSET",  "ON",       "OR",      "ORDER",
        "OUTER",     "OVER",     "PARTITION", "PLAN",    "PRAGMA",  "PRECEDING", "RANGE",    "RECURSIVE", "REGEXP", "REINDEX", "RELEASE", "REPLACE", "RIGHT",    "ROLLBACK", "ROW",
        "ROWS",      "SAVEPOINT", "SELECT",  "SET",      "TABLE",   "THEN",      "TRANSACTION", "UNBOUNDED", "UNION", "UPDATE", "USING",  "VACUUM",  "VALUES",   "VIEW",    "WHEN",
        "WHERE",     "WINDOW",   "WITH",
    };
    return keywords;
}

} // namespace gateway
