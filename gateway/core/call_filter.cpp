// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/core/call_filter.h"

#include "gateway/core/call_filter_value.h"
#include "gateway/core/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace gateway {

namespace {

using Field = CallFilter::Field;
using Kind = CallFilter::Kind;
using Node = CallFilter::Node;
using Op = CallFilter::Op;
using ParseError = CallFilter::ParseError;
using Parsed = std::expected<Node, ParseError>;

constexpr std::size_t longestText = 4096;
constexpr int deepestNesting = 32;
constexpr int mostTerms = 100; // a bound for the query that storage makes of it

const Field *findField(std::string_view name)
{
    const auto &all = CallFilter::fields();
    if (equalsIgnoringCase(name, "color"))
        name = "colour";
    const auto found = std::find_if(all.begin(), all.end(), [name](const Field &field) { return equalsIgnoringCase(field.name, name); });
    return found == all.end() ? nullptr : &*found;
}

bool isSpace(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/// Recursive descent over the text: or -> and -> not -> ( or ) | field:value | words. Errors carry byte ranges.
class Parser
{
public:
    explicit Parser(std::string_view text) : m_text(text) {}

    Parsed parse()
    {
        skipSpace();
        if (atEnd())
            return Node {};
        auto root = parseOr(0);
        if (root && !atEnd())
            return error("There is a \")\" without a \"(\" before it.", m_at, m_at + 1);
        return root;
    }

private:
    Parsed parseOr(int depth)
    {
        if (depth > deepestNesting)
            return error(fmt::format("Parentheses are nested deeper than {} levels.", deepestNesting), m_at, m_at + 1);
        auto first = parseAnd(depth);
        if (!first)
            return first;
        std::vector<Node> branches;
        branches.push_back(std::move(*first));
        while (const auto word = takeWord("OR")) {
            if (atEnd())
                return error("Something must follow OR.", word->first, word->second, true);
            auto next = parseAnd(depth);
            if (!next)
                return next;
            branches.push_back(std::move(*next));
        }
        return joined(Kind::Or, std::move(branches));
    }

    Parsed parseAnd(int depth)
    {
        std::vector<Node> parts;
        while (true) {
            auto part = parseNot(depth);
            if (!part)
                return part;
            parts.push_back(std::move(*part));
            const auto word = takeWord("AND");
            if (word && atEnd())
                return error("Something must follow AND.", word->first, word->second, true);
            if (!word && (atEnd() || peek() == ')' || isWord("OR")))
                return joined(Kind::And, std::move(parts));
        }
    }

    Parsed parseNot(int depth)
    {
        const auto word = takeWord("NOT");
        if (!word)
            return parsePrimary(depth);
        if (atEnd())
            return error("Something must follow NOT.", word->first, word->second, true);
        if (depth > deepestNesting)
            return error(fmt::format("NOT is nested deeper than {} levels.", deepestNesting), word->first, word->second);
        auto inner = parseNot(depth + 1);
        if (!inner)
            return inner;
        Node node {.kind = Kind::Not};
        node.children.push_back(std::move(*inner));
        return node;
    }

    Parsed parsePrimary(int depth)
    {
        for (const std::string_view word : {"AND", "OR"}) {
            if (isWord(word))
                return error(fmt::format("{} needs something before it. To search for the word, write \"{}\" in quotes.", word, word), m_at, m_at + word.size());
        }
        if (peek() == ')')
            return error(m_openAt.empty() ? "There is a \")\" without a \"(\" before it." : "There is nothing between the parentheses.", m_at, m_at + 1);
        if (peek() == '(')
            return parseGroup(depth);
        if (++m_terms > mostTerms)
            return error(fmt::format("The filter has more than {} terms.", mostTerms), m_at, m_text.size());
        return peek() == '"' ? parseText() : parseWordOrTerm();
    }

    Parsed parseGroup(int depth)
    {
        const std::size_t open = m_at++;
        skipSpace();
        if (atEnd())
            return error("A \")\" is missing.", open, m_text.size(), true);
        m_openAt.push_back(open);
        auto inner = parseOr(depth + 1);
        if (!inner)
            return inner;
        m_openAt.pop_back();
        if (atEnd())
            return error("A \")\" is missing.", open, m_text.size(), true);
        ++m_at; // parseOr stops at the end or at ")" only
        skipSpace();
        return inner;
    }

    Parsed parseText()
    {
        auto words = quoted();
        if (!words)
            return std::unexpected(std::move(words.error()));
        skipSpace();
        return Node {.kind = Kind::Text, .value = std::move(*words)};
    }

    Parsed parseWordOrTerm()
    {
        const std::size_t from = m_at;
        const std::size_t end = wordEnd(m_at);
        const std::size_t colon = m_text.substr(from, end - from).find(':');
        if (colon == std::string_view::npos) {
            std::string word(m_text.substr(from, end - from));
            m_at = end;
            skipSpace();
            return textNode(std::move(word));
        }
        const std::string_view name = m_text.substr(from, colon);
        const Field *field = findField(name);
        if (!field)
            return error(unknownField(name), from, from + std::max<std::size_t>(colon, 1));
        m_at = from + colon + 1;
        return parseValue(*field, from);
    }

    Parsed parseValue(const Field &field, std::size_t from)
    {
        const Op op = takeOp();
        if (atEnd() || isSpace(peek()) || peek() == ')')
            return error(fmt::format("{}: needs a value: {}.", field.name, field.hint), from, m_at, atEnd());
        const std::size_t valueFrom = m_at;
        const bool isQuoted = peek() == '"';
        std::string value;
        if (isQuoted) {
            auto words = quoted();
            if (!words)
                return std::unexpected(std::move(words.error()));
            value = std::move(*words);
        } else {
            const std::size_t end = wordEnd(m_at);
            value = m_text.substr(m_at, end - m_at);
            m_at = end;
        }
        const std::size_t valueTo = m_at;
        const bool last = atEnd();
        skipSpace();
        auto term = readFilterValue(field, op, std::move(value), isQuoted);
        if (!term)
            return error(std::move(term.error().message), valueFrom, valueTo, term.error().incomplete && last);
        return std::move(*term);
    }

    Op takeOp()
    {
        constexpr std::pair<std::string_view, Op> ops[] = {
            {">=", Op::GreaterOrEqual}, {"<=", Op::LessOrEqual}, {">", Op::Greater}, {"<", Op::Less}, {"=", Op::Equal}};
        for (const auto &[text, op] : ops) {
            if (m_text.substr(m_at).starts_with(text)) {
                m_at += text.size();
                return op;
            }
        }
        return Op::Equal;
    }

    /// Text between quotes; `\"` and `\\` stand for themselves.
    std::expected<std::string, ParseError> quoted()
    {
        const std::size_t open = m_at++;
        std::string words;
        for (; !atEnd(); ++m_at) {
            if (peek() == '"') {
                ++m_at;
                return words;
            }
            if (peek() == '\\' && m_at + 1 < m_text.size() && (m_text[m_at + 1] == '"' || m_text[m_at + 1] == '\\'))
                ++m_at;
            words += peek();
        }
        return std::unexpected(ParseError {"The closing quote is missing.", open, m_text.size(), true});
    }

    static Node textNode(std::string word)
    {
        Node node {.kind = Kind::Text};
        node.prefix = word.size() > 1 && word.ends_with('*');
        if (node.prefix)
            word.pop_back();
        node.value = std::move(word);
        return node;
    }

    static std::string unknownField(std::string_view name)
    {
        std::vector<std::string_view> names;
        for (const Field &field : CallFilter::fields())
            names.push_back(field.name);
        const std::string_view near = nearestName(name, names);
        return fmt::format("There is no field \"{}\"{}. To search for text with a colon, put it in quotes.", name,
                           near.empty() ? std::string {} : fmt::format("; did you mean \"{}\"?", near));
    }

    static Node joined(Kind kind, std::vector<Node> nodes)
    {
        if (nodes.size() == 1)
            return std::move(nodes.front());
        Node node {.kind = kind};
        node.children = std::move(nodes);
        return node;
    }

    Parsed error(std::string message, std::size_t from, std::size_t to, bool incomplete = false)
    {
        return std::unexpected(ParseError {std::move(message), std::min(from, m_text.size()), std::min(to, m_text.size()), incomplete});
    }

    [[nodiscard]] bool atEnd() const { return m_at >= m_text.size(); }
    [[nodiscard]] char peek() const { return atEnd() ? '\0' : m_text[m_at]; }
    void skipSpace()
    {
        while (!atEnd() && isSpace(peek()))
            ++m_at;
    }
    [[nodiscard]] std::size_t wordEnd(std::size_t from) const
    {
        while (from < m_text.size() && !isSpace(m_text[from]) && m_text[from] != '(' && m_text[from] != ')' && m_text[from] != '"')
            ++from;
        return from;
    }
    [[nodiscard]] bool isWord(std::string_view word) const { return m_text.substr(m_at, wordEnd(m_at) - m_at) == word; }
    /// The range of an operator's word, and the space behind it, taken.
    std::optional<std::pair<std::size_t, std::size_t>> takeWord(std::string_view word)
    {
        if (!isWord(word))
            return std::nullopt;
        const std::size_t from = m_at;
        m_at += word.size();
        const std::size_t to = m_at;
        skipSpace();
        return std::pair {from, to};
    }

    std::string_view m_text;
    std::size_t m_at = 0;
    int m_terms = 0;
    std::vector<std::size_t> m_openAt;
};

} // namespace

const std::vector<CallFilter::Field> &CallFilter::fields()
{
    using Type = Field::Type;
    static const std::vector<Field> all {
        {"team", Type::Name, "a team's name"},
        {"key", Type::Name, "a virtual key's name"},
        {"key_id", Type::Name, "a virtual key's id, which stays when it is renamed"},
        {"route", Type::Name, "a route's name"},
        {"model", Type::Name, "a model, asked for or answering"},
        {"provider", Type::Name, "a provider's name"},
        {"status", Type::Status, "an HTTP status: 429, 5xx, >=500"},
        {"state", Type::Name, "ok, failed, refused, cut or cancelled"},
        {"error", Type::Name, "an error class: rate_limited, server_error"},
        {"cause", Type::Name, "what failed calls have in common, as Causes names it: openai/rate_limited/429/1f3a90c2"},
        {"endpoint", Type::Name, "what was called: chat, messages, embeddings"},
        {"stream", Type::Bool, "true or false"},
        {"latency", Type::Time, "a duration: >2s, <=250ms"},
        {"ttft", Type::Time, "time to the first token: >500ms"},
        {"cost", Type::Dollars, "dollars: >0.01"},
        {"tokens.in", Type::Number, "input tokens: >1000"},
        {"tokens.out", Type::Number, "output tokens: >1000"},
        {"attempts", Type::Number, "number of attempts: >1"},
        {"id", Type::Name, "a call's id: call_..."},
        {"peer", Type::Name, "the caller's address"},
        {"customer", Type::Name, "a customer"},
        {"session", Type::Name, "a session"},
        {"trace", Type::Name, "a trace id of 32 hex digits"},
        {"tag", Type::Name, "a tag"},
        {"cache", Type::Name, "what the cache did: hit, semantic, miss or off"},
        {"prompt", Type::Name, "a prompt's name, or one version of it: summarise@3"},
        {"policy", Type::Name, "a privacy policy's name"},
        {"finding", Type::Name, "what a privacy rule found: email, or an own rule's name"},
        {"privacy", Type::Name, "what became of findings: tokenize, mask, hash, block or report"},
        {"text", Type::Name, "words of the request or the answer: refund, pay*, \"a phrase\""},
        {"test", Type::Bool, "true: sent by the window itself"},
        {"shadow", Type::Bool, "true: a copy of another call"},
        {"continued", Type::Bool, "true: cut, and gone on with by another target"},
        {"colour", Type::Name, "a mark: red, orange, yellow, green, blue, violet, * for any, or none"},
        {"comment", Type::Name, "words of a comment, or * for any"},
    };
    return all;
}

std::expected<CallFilter, CallFilter::ParseError> CallFilter::parse(std::string_view text)
{
    if (text.size() > longestText)
        return std::unexpected(ParseError {fmt::format("The filter is longer than {} bytes.", longestText), longestText, text.size()});
    auto root = Parser(text).parse();
    if (!root)
        return std::unexpected(std::move(root.error()));
    CallFilter filter;
    filter.m_root = std::move(*root);
    filter.m_text = text;
    return filter;
}

CallFilter CallFilter::within(std::string_view field, std::string_view value) const
{
    Node term {.kind = Kind::Term, .field = findField(field), .op = Op::Equal, .value = std::string(value)};
    CallFilter filter;
    filter.m_text = fmt::format("{}:{} ({})", field, jsonQuoted(value), m_text);
    if (empty()) {
        filter.m_root = std::move(term);
        return filter;
    }
    filter.m_root = m_root;
    if (m_root.kind != Kind::And) {
        filter.m_root = Node {.kind = Kind::And};
        filter.m_root.children.push_back(m_root);
    }
    filter.m_root.children.insert(filter.m_root.children.begin(), std::move(term));
    return filter;
}

} // namespace gateway
