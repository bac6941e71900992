// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/core/sql_question.h"

#include "gateway/core/sql_tokens.h"
#include "gateway/core/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>
#include <vector>

namespace gateway {

namespace {

using Kind = SqlToken::Kind;
using Tokens = std::span<const SqlToken>;

constexpr std::size_t longestText = 100'000;

std::string capitals(std::string_view word)
{
    std::string text(word);
    std::ranges::transform(text, text.begin(), [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    return text;
}

std::unexpected<SqlProblem> problem(std::string message, const SqlToken &token)
{
    return std::unexpected(SqlProblem {.message = std::move(message), .from = token.from, .to = token.to});
}

bool isSign(const SqlToken &token, std::string_view text, std::string_view sign)
{
    return token.kind == Kind::Operator && token.in(text) == sign;
}

/// Why a statement that begins so is none for here.
std::string refusal(std::string_view word)
{
    const std::string verb = capitals(word);
    const auto oneOf = [&verb](std::initializer_list<std::string_view> verbs) { return std::ranges::find(verbs, verb) != verbs.end(); };
    if (verb == "DELETE" || verb == "DROP")
        return fmt::format("{} is refused: this console only reads. How long calls are kept is in Settings, under Retention.", verb);
    if (oneOf({"INSERT", "UPDATE", "REPLACE", "CREATE", "ALTER", "REINDEX", "ANALYZE", "VACUUM"}))
        return fmt::format("{} is refused: this console only reads.", verb);
    if (oneOf({"ATTACH", "DETACH"}))
        return fmt::format("{} is refused: this console reads the call log and no other database.", verb);
    if (verb == "PRAGMA")
        return "PRAGMA is refused: the database's own settings are not for here. What can be read stands in the schema.";
    if (oneOf({"BEGIN", "COMMIT", "END", "ROLLBACK", "SAVEPOINT", "RELEASE"}))
        return fmt::format("{} is refused: this console only reads, so there is nothing to begin or to end.", verb);
    return "A query begins with SELECT, WITH or VALUES.";
}

/// The word that says what is done: after EXPLAIN, and after what WITH defines.
const SqlToken *verbOf(Tokens tokens, std::string_view text)
{
    std::size_t at = 0;
    if (isKeyword(tokens[at], text, "EXPLAIN")) {
        ++at;
        if (at + 1 < tokens.size() && equalsIgnoringCase(tokens[at].in(text), "QUERY") && isKeyword(tokens[at + 1], text, "PLAN"))
            at += 2;
    }
    if (at >= tokens.size())
        return nullptr;
    if (!isKeyword(tokens[at], text, "WITH"))
        return &tokens[at];
    static constexpr std::array<std::string_view, 6> verbs {"SELECT", "VALUES", "INSERT", "REPLACE", "UPDATE", "DELETE"};
    for (const SqlToken &token : tokens.subspan(at)) {
        if (token.depth == 0 && std::ranges::any_of(verbs, [&](std::string_view verb) { return isKeyword(token, text, verb); }))
            return &token;
    }
    return &tokens[at]; // WITH alone: SQLite says what is missing
}

/// A LIMIT behind a parenthesis that is still open would be one of a part of the query.
std::expected<void, SqlProblem> checkParentheses(Tokens tokens, std::string_view text)
{
    std::vector<const SqlToken *> open;
    for (const SqlToken &token : tokens) {
        if (isSign(token, text, "("))
            open.push_back(&token);
        if (!isSign(token, text, ")"))
            continue;
        if (open.empty())
            return problem("There is a ) without a ( before it.", token);
        open.pop_back();
    }
    if (open.empty())
        return {};
    return problem("The ) that ends this is missing.", *open.back());
}

std::expected<void, SqlProblem> check(Tokens tokens, std::string_view text)
{
    for (const SqlToken &token : tokens) {
        if (token.open && token.kind != Kind::Wrong)
            return problem(token.kind == Kind::Text ? "The ' that ends this text is missing." : "The end of this name is missing.", token);
        if (token.kind == Kind::Parameter)
            return problem(fmt::format("{} stands for a value that nobody gives. Write the value itself.", token.in(text)), token);
        if (token.kind == Kind::Wrong)
            return problem(fmt::format("This is not SQL: {}", truncatedUtf8(toValidUtf8(token.in(text)), 60)), token);
    }
    const SqlToken *verb = verbOf(tokens, text);
    if (verb == nullptr)
        return problem("Something must follow EXPLAIN.", tokens.front());
    for (const std::string_view known : {"SELECT", "VALUES", "WITH"}) {
        if (isKeyword(*verb, text, known))
            return checkParentheses(tokens, text);
    }
    return problem(refusal(verb->in(text)), *verb);
}

/// Only behind a SELECT: one that ends in VALUES takes no LIMIT, nor does a plan need one. Behind a point it would be a column.
bool takesLimit(Tokens tokens, std::string_view text)
{
    if (isKeyword(tokens.front(), text, "EXPLAIN") || isSign(tokens.back(), text, "."))
        return false;
    bool select = false;
    for (const SqlToken &token : tokens) {
        if (token.depth > 0)
            continue;
        if (isKeyword(token, text, "LIMIT"))
            return false;
        if (isKeyword(token, text, "SELECT") || isKeyword(token, text, "VALUES"))
            select = isKeyword(token, text, "SELECT");
    }
    return select;
}

} // namespace

std::expected<SqlQuestion, SqlProblem> sqlQuestion(std::string_view text, std::int64_t rows)
{
    if (text.size() > longestText)
        return std::unexpected(SqlProblem {.message = fmt::format("The query is longer than {} bytes.", longestText), .from = longestText, .to = text.size()});
    std::vector<SqlToken> tokens = sqlTokens(text);
    std::erase_if(tokens, [](const SqlToken &token) { return token.kind == Kind::Comment; });
    const auto end = std::ranges::find_if(tokens, [&](const SqlToken &token) { return isSign(token, text, ";"); });
    const auto next = std::find_if(end, tokens.end(), [&](const SqlToken &token) { return !isSign(token, text, ";"); });
    if (next != tokens.end())
        return problem("One query at a time: this begins a second one. Keep one of them, or make the other a comment (--).", *next);
    const Tokens query(tokens.begin(), end);
    if (query.empty())
        return std::unexpected(SqlProblem {.message = "There is no query yet."});
    if (auto checked = check(query, text); !checked)
        return std::unexpected(checked.error());
    SqlQuestion question {.text = std::string(text)};
    if (!takesLimit(query, text))
        return question;
    const std::string limit = fmt::format("\nLIMIT {}", rows);
    question.limited = true;
    question.from = query.back().to + 1;
    question.to = query.back().to + limit.size();
    question.text.insert(query.back().to, limit);
    return question;
}

} // namespace gateway
