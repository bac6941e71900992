// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/core/mustache.h"

#include "gateway/core/mustache_nodes.h"
#include "gateway/core/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace gateway {

namespace {

using Node = MustacheTemplate::Node;

bool isBlank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

std::vector<std::string> pathOf(std::string_view name)
{
    std::vector<std::string> path;
    if (name == ".")
        return path;
    for (;;) {
        const std::size_t dot = name.find('.');
        path.emplace_back(name.substr(0, dot));
        if (dot == std::string_view::npos)
            return path;
        name.remove_prefix(dot + 1);
    }
}

/// Names may be any words without blanks, with dots between their steps and not at their ends.
bool isName(std::string_view name)
{
    if (name == ".")
        return true;
    return !name.empty() && name.front() != '.' && name.back() != '.' && name.find("..") == std::string_view::npos && std::ranges::none_of(name, isBlank)
        && name.find_first_of("{}") == std::string_view::npos;
}

} // namespace

std::string MustacheError::text() const
{
    return fmt::format("{}line {}, column {}: {}", partial.empty() ? std::string() : fmt::format("partial {}, ", jsonQuoted(partial)), line, column, message);
}

/// Reads a template from its start to its end, once.
class MustacheParser
{
public:
    explicit MustacheParser(std::string_view text) : m_text(text) { m_open.push_back({}); }

    std::expected<void, MustacheError> run()
    {
        if (m_text.size() > MustacheTemplate::longest)
            return std::unexpected(MustacheError {.message = fmt::format("a template has at most {} KB", MustacheTemplate::longest / 1024), .line = 1, .column = 1});
        for (;;) {
            const std::size_t tag = m_text.find(m_opening, m_at);
            addText(m_at, tag == std::string_view::npos ? m_text.size() : tag);
            if (tag == std::string_view::npos)
                break;
            m_at = tag;
            if (auto read = readTag(); !read)
                return read;
        }
        if (m_open.size() > 1) {
            const Node &section = m_open.back();
            return std::unexpected(MustacheError {.message = fmt::format("the section {} is not closed; close it by {}/{}{}", jsonQuoted(section.name), m_opening, section.name, m_closing),
                                                  .line = section.line,
                                                  .column = section.column});
        }
        parsed.nodes = std::move(m_open.front().children);
        return {};
    }

    MustacheTemplate::Parsed parsed;

private:
    struct Tag
    {
        std::size_t from = 0, to = 0; ///< with its delimiters
        char kind = 'v';              ///< the sign behind the delimiter; v: a variable
        std::string_view name;
    };

    std::unexpected<MustacheError> wrong(std::size_t at, std::string message)
    {
        const auto [line, column] = placeOf(at);
        return std::unexpected(MustacheError {.message = std::move(message), .line = line, .column = column});
    }

    /// Places are asked for in ascending order: each byte is looked at once.
    std::pair<int, int> placeOf(std::size_t at)
    {
        for (; m_placed < at; ++m_placed) {
            if (m_text[m_placed] == '\n') {
                ++m_line;
                m_column = 1;
            } else if ((static_cast<unsigned char>(m_text[m_placed]) & 0xC0) != 0x80) {
                ++m_column;
            }
        }
        return {m_line, m_column};
    }

    void addText(std::size_t from, std::size_t to)
    {
        if (from < to)
            m_open.back().children.push_back({.kind = Node::Kind::Text, .text = std::string(m_text.substr(from, to - from))});
        m_textFrom = from;
        m_at = to;
    }

    std::expected<void, MustacheError> readTag()
    {
        if (++m_tags > MustacheTemplate::mostTags)
            return wrong(m_at, fmt::format("a template has at most {} tags", MustacheTemplate::mostTags));
        auto tag = findTag();
        if (!tag)
            return std::unexpected(tag.error());
        const std::size_t after = tag->kind == 'v' || tag->kind == '{' || tag->kind == '&' ? tag->to : standAlone(*tag);
        m_at = std::max(after, tag->to);
        if (tag->kind == '!')
            return {};
        if (tag->kind == '=')
            return setDelimiters(*tag);
        if (!isName(tag->name))
            return wrong(tag->from, tag->name.empty() ? "a tag without a name" : fmt::format("{} is no name: it may have no blanks, braces or dots at its ends", jsonQuoted(tag->name)));
        return addNode(*tag);
    }

    std::expected<Tag, MustacheError> findTag()
    {
        Tag tag {.from = m_at};
        std::size_t from = m_at + m_opening.size();
        const char sign = from < m_text.size() ? m_text[from] : '\0';
        if (std::string_view("#^/!>&=").find(sign) != std::string_view::npos && sign != '\0') {
            tag.kind = sign;
            ++from;
        } else if (sign == '{' && m_opening == "{{") {
            tag.kind = '{';
            ++from;
        }
        const std::string closing = tag.kind == '{' ? "}" + m_closing : tag.kind == '=' ? "=" + m_closing : m_closing;
        const std::size_t end = m_text.find(closing, from);
        if (end == std::string_view::npos)
            return wrong(m_at, fmt::format("a tag without its end {}", closing));
        tag.to = end + closing.size();
        tag.name = trimmed(m_text.substr(from, end - from));
        return tag;
    }

    std::expected<void, MustacheError> setDelimiters(const Tag &tag)
    {
        const std::size_t gap = tag.name.find_first_of(" \t\r\n");
        const std::string_view opening = tag.name.substr(0, gap), closing = gap == std::string_view::npos ? std::string_view() : trimmed(tag.name.substr(gap));
        const auto bad = [](std::string_view delimiter) { return delimiter.empty() || delimiter.size() > 16 || delimiter.find('=') != std::string_view::npos || std::ranges::any_of(delimiter, isBlank); };
        if (bad(opening) || bad(closing))
            return wrong(tag.from, "delimiters are two words of at most 16 characters without `=`, such as {{=<% %>=}}");
        m_opening = opening;
        m_closing = closing;
        return {};
    }

    std::expected<void, MustacheError> addNode(const Tag &tag)
    {
        const auto [line, column] = placeOf(tag.from);
        Node node {.name = std::string(tag.name), .path = pathOf(tag.name), .line = line, .column = column};
        switch (tag.kind) {
        case '/': return close(tag);
        case '>':
            node.kind = Node::Kind::Partial;
            node.text = m_indent;
            parsed.partials.insert(node.name);
            m_open.back().children.push_back(std::move(node));
            return {};
        case '#':
        case '^':
            if (m_open.size() > MustacheTemplate::deepest)
                return wrong(tag.from, fmt::format("sections may stand in one another {} deep", MustacheTemplate::deepest));
            node.kind = tag.kind == '#' ? Node::Kind::Section : Node::Kind::Inverted;
            note(node);
            m_open.push_back(std::move(node));
            return {};
        default:
            node.kind = Node::Kind::Variable;
            node.raw = tag.kind != 'v';
            note(node);
            m_open.back().children.push_back(std::move(node));
            return {};
        }
    }

    void note(const Node &node)
    {
        if (node.name == ".")
            return;
        parsed.names.insert(node.name);
        if (m_open.size() == 1 && node.kind == Node::Kind::Variable)
            parsed.topNames.insert(node.name);
    }

    std::expected<void, MustacheError> close(const Tag &tag)
    {
        if (m_open.size() == 1)
            return wrong(tag.from, fmt::format("{} is closed and was never opened", jsonQuoted(tag.name)));
        if (m_open.back().name != tag.name)
            return wrong(tag.from, fmt::format("{} is closed where {}, opened at line {}, column {}, is still open", jsonQuoted(tag.name), jsonQuoted(m_open.back().name), m_open.back().line,
                                               m_open.back().column));
        Node section = std::move(m_open.back());
        m_open.pop_back();
        m_open.back().children.push_back(std::move(section));
        return {};
    }

    /// A tag that prints nothing and has a line for itself takes the whole line with it.
    /// @return where the text goes on; m_indent is what stood before a partial
    std::size_t standAlone(const Tag &tag)
    {
        m_indent.clear();
        std::size_t lineStart = tag.from;
        while (lineStart > 0 && lineStart > m_textFrom && (m_text[lineStart - 1] == ' ' || m_text[lineStart - 1] == '\t'))
            --lineStart;
        const bool atStart = lineStart == 0 || m_text[lineStart - 1] == '\n';
        std::size_t end = tag.to;
        while (end < m_text.size() && (m_text[end] == ' ' || m_text[end] == '\t'))
            ++end;
        if (end + 1 < m_text.size() && m_text[end] == '\r' && m_text[end + 1] == '\n')
            ++end;
        if (!atStart || (end < m_text.size() && m_text[end] != '\n'))
            return tag.to;
        if (lineStart < tag.from) {
            if (tag.kind == '>')
                m_indent = m_text.substr(lineStart, tag.from - lineStart);
            dropFromLastText(tag.from - lineStart);
        }
        return end < m_text.size() ? end + 1 : end;
    }

    void dropFromLastText(std::size_t bytes)
    {
        std::vector<Node> &nodes = m_open.back().children;
        Node &last = nodes.back();
        last.text.resize(last.text.size() - bytes);
        if (last.text.empty())
            nodes.pop_back();
    }

    std::string_view m_text;
    std::size_t m_at = 0;
    std::size_t m_textFrom = 0; ///< of the text before the tag
    std::string m_opening = "{{", m_closing = "}}";
    std::string m_indent;
    std::vector<Node> m_open; ///< the template itself, and the sections that are open
    std::size_t m_tags = 0;
    std::size_t m_placed = 0;
    int m_line = 1, m_column = 1;
};

std::expected<MustacheTemplate, MustacheError> MustacheTemplate::parse(std::string_view text)
{
    MustacheParser parser(text);
    if (auto read = parser.run(); !read)
        return std::unexpected(read.error());
    return MustacheTemplate(std::make_shared<const Parsed>(std::move(parser.parsed)));
}

const std::set<std::string, std::less<>> &MustacheTemplate::names() const
{
    return m_parsed->names;
}

const std::set<std::string, std::less<>> &MustacheTemplate::topNames() const
{
    return m_parsed->topNames;
}

const std::set<std::string, std::less<>> &MustacheTemplate::partials() const
{
    return m_parsed->partials;
}

} // namespace gateway
