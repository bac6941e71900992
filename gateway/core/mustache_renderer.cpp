// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/core/mustache.h"
#include "gateway/core/mustache_nodes.h"
#include "gateway/core/text.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <utility>

namespace gateway {

using nlohmann::json;

namespace {

bool isFalse(const json &value)
{
    return value.is_null() || (value.is_boolean() && !value.get<bool>()) || (value.is_array() && value.empty()) || (value.is_string() && value.get_ref<const std::string &>().empty());
}

void appendHtml(std::string &out, std::string_view text)
{
    for (const char c : text) {
        switch (c) {
        case '&': out += "&amp;"; break;
        case '<': out += "&lt;"; break;
        case '>': out += "&gt;"; break;
        case '"': out += "&quot;"; break;
        default: out += c;
        }
    }
}

/// As it stands within the quotes of a JSON string.
void appendJson(std::string &out, std::string_view text)
{
    const std::string quoted = jsonQuoted(text);
    out.append(quoted, 1, quoted.size() - 2);
}

std::string plain(const json &value)
{
    if (value.is_null())
        return {};
    return value.is_string() ? value.get_ref<const std::string &>() : value.dump(-1, ' ', false, json::error_handler_t::replace);
}

} // namespace

class MustacheRenderer
{
public:
    using Node = MustacheTemplate::Node;

    MustacheRenderer(const json &values, const MustacheOptions &options) : m_options(options) { m_context.push_back(&values); }

    std::expected<std::string, MustacheError> run(const MustacheTemplate &itsTemplate)
    {
        if (!nodes(itsTemplate.m_parsed->nodes))
            return std::unexpected(std::move(m_error));
        return std::move(m_out);
    }

private:
    bool wrong(const Node &at, std::string message)
    {
        m_error = {.message = std::move(message), .line = at.line, .column = at.column, .partial = m_partial};
        return false;
    }

    bool nodes(const std::vector<Node> &all)
    {
        for (const Node &node : all) {
            if (++m_steps > m_options.steps)
                return wrong(node, fmt::format("more than {} parts are rendered; a partial that includes itself, or too large a list?", m_options.steps));
            if (!one(node))
                return false;
            if (m_out.size() > m_options.longest)
                return wrong(node, fmt::format("what is rendered has more than {} KB", m_options.longest / 1024));
        }
        return true;
    }

    bool one(const Node &node)
    {
        switch (node.kind) {
        case Node::Kind::Text: text(node.text); return true;
        case Node::Kind::Variable: return variable(node);
        case Node::Kind::Section: return section(node);
        case Node::Kind::Inverted: {
            const json *value = find(node);
            return (value && !isFalse(*value)) || nodes(node.children);
        }
        case Node::Kind::Partial: return partial(node);
        }
        return true;
    }

    /// Text of a template: within a partial that stands indented, each of its lines is.
    void text(std::string_view text)
    {
        if (m_indent.empty()) {
            m_out += text;
            return;
        }
        for (const char c : text) {
            indent();
            m_out += c;
            m_lineStart = c == '\n';
        }
    }

    void indent()
    {
        if (std::exchange(m_lineStart, false))
            m_out += m_indent;
    }

    bool variable(const Node &node)
    {
        const json *value = find(node);
        if (!value) {
            if (m_options.strict)
                return wrong(node, fmt::format("nothing is given for {}", jsonQuoted(node.name)));
            return true;
        }
        indent();
        const std::string written = plain(*value);
        if (node.raw || m_options.escape == MustacheOptions::Escape::None)
            m_out += written;
        else if (m_options.escape == MustacheOptions::Escape::Html)
            appendHtml(m_out, written);
        else
            appendJson(m_out, written);
        return true;
    }

    bool section(const Node &node)
    {
        const json *value = find(node);
        if (!value || isFalse(*value))
            return true;
        if (!value->is_array())
            return within(*value, node.children);
        for (const json &item : *value) {
            if (!within(item, node.children))
                return false;
        }
        return true;
    }

    bool within(const json &context, const std::vector<Node> &children)
    {
        m_context.push_back(&context);
        const bool good = nodes(children);
        m_context.pop_back();
        return good;
    }

    bool partial(const Node &node)
    {
        const MustacheTemplate *found = m_options.partial ? m_options.partial(node.name) : nullptr;
        if (!found)
            return wrong(node, fmt::format("there is no partial {}", jsonQuoted(node.name)));
        if (m_depth == m_options.partialDepth)
            return wrong(node, fmt::format("partials may stand in one another {} deep", m_options.partialDepth));
        const std::string outerIndent = m_indent;
        const std::string outerPartial = std::exchange(m_partial, node.name);
        if (!node.text.empty()) {
            m_indent += node.text;
            m_lineStart = true;
        }
        ++m_depth;
        const bool good = nodes(found->m_parsed->nodes);
        --m_depth;
        m_indent = outerIndent;
        if (good)
            m_partial = outerPartial;
        return good;
    }

    /// The innermost value that has the name's first step; the others lead on from there.
    [[nodiscard]] const json *find(const Node &node) const
    {
        if (node.path.empty())
            return m_context.back();
        for (auto context = m_context.rbegin(); context != m_context.rend(); ++context) {
            if (!(*context)->is_object())
                continue;
            const auto first = (*context)->find(node.path.front());
            if (first == (*context)->end())
                continue;
            const json *value = &*first;
            for (std::size_t i = 1; i < node.path.size(); ++i) {
                if (!value->is_object())
                    return nullptr;
                const auto next = value->find(node.path[i]);
                if (next == value->end())
                    return nullptr;
                value = &*next;
            }
            return value;
        }
        return nullptr;
    }

    const MustacheOptions &m_options;
    std::vector<const json *> m_context; ///< the innermost last
    std::string m_out;
    std::string m_indent;
    std::string m_partial;
    MustacheError m_error;
    std::size_t m_steps = 0;
    std::size_t m_depth = 0;
    bool m_lineStart = false;
};

std::expected<std::string, MustacheError> render(const MustacheTemplate &itsTemplate, const nlohmann::json &values, const MustacheOptions &options)
{
    return MustacheRenderer(values, options).run(itsTemplate);
}

} // namespace gateway
