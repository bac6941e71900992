// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/mustache.h"

/// What a template was read into: between its parser and its renderer.
namespace gateway {

struct MustacheTemplate::Node
{
    enum class Kind : std::uint8_t {
        Text,
        Variable,
        Section,
        Inverted,
        Partial
    };
    Kind kind = Kind::Text;
    bool raw = false;                ///< Variable: never escaped
    std::string text {};             ///< Text; Partial: what stands before it on a line of its own
    std::string name {};             ///< of all others
    std::vector<std::string> path {};///< the name's steps; empty: "."
    std::vector<Node> children {};   ///< of sections
    int line = 0, column = 0;        ///< of the tag
};

struct MustacheTemplate::Parsed
{
    std::vector<Node> nodes;
    std::set<std::string, std::less<>> names, topNames, partials;
};

} // namespace gateway
