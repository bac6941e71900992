// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/filter_text.h"

#include "gateway/core/text.h"

namespace gateway::storage {

namespace {

using Kind = CallFilter::Kind;
using Node = CallFilter::Node;

std::string phrase(const Node &term)
{
    std::string quoted = "\"";
    for (const char c : toValidUtf8(term.value)) {
        if (c == '"')
            quoted += '"';
        quoted += c == '\0' ? ' ' : c;
    }
    return quoted + (term.prefix ? "\" *" : "\"");
}

void join(std::string &all, std::string_view word, const std::string &one)
{
    if (!all.empty())
        all += word;
    all += one;
}

} // namespace

std::optional<std::string> textExpression(const Node &node)
{
    if (node.kind == Kind::Term && node.field->name == "text")
        return phrase(node);
    if (node.kind != Kind::And && node.kind != Kind::Or)
        return std::nullopt;
    std::string all;
    for (const Node &child : node.children) {
        const auto one = textExpression(child);
        if (!one)
            return std::nullopt;
        join(all, node.kind == Kind::And ? " AND " : " OR ", "(" + *one + ")");
    }
    return all;
}

std::optional<std::string> textOfAll(const Node &root)
{
    if (root.kind != Kind::And)
        return textExpression(root);
    std::string all;
    for (const Node &child : root.children) {
        if (const auto one = textExpression(child))
            join(all, " AND ", "(" + *one + ")");
    }
    return all.empty() ? std::nullopt : std::optional(std::move(all));
}

} // namespace gateway::storage
