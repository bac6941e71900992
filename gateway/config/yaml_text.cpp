// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/document.h"

#include "gateway/core/text.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace gateway::config {

namespace {

constexpr std::size_t flowWidth = 110; // a map or list that fits in this many columns stands on one line
constexpr int flowDepth = 3;           // sections, their lists and entries are always spread out
constexpr int indentStep = 2;

bool isAlphanumeric(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/// Words and numbers that YAML 1.1 or 1.2 readers take for something else than text.
bool looksLikeValue(std::string_view text)
{
    constexpr std::array<std::string_view, 9> taken {"true", "false", "null", "yes", "no", "on", "off", "y", "n"};
    if (std::any_of(taken.begin(), taken.end(), [&](std::string_view word) { return equalsIgnoringCase(word, text); }))
        return true;
    return std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || std::string_view(".eExX+-_:").find(c) != std::string_view::npos; });
}

/// Whether the text may stand without quotes, in block and flow style alike.
bool isPlain(std::string_view text)
{
    constexpr std::string_view inner = "._-/@+:";
    if (text.empty() || !(isAlphanumeric(text.front()) || text.front() == '/' || text.front() == '_') || text.back() == ':')
        return false;
    return std::all_of(text.begin(), text.end(), [&](char c) { return isAlphanumeric(c) || inner.find(c) != std::string_view::npos; }) && !looksLikeValue(text);
}

/// A JSON string is a YAML double-quoted one, but for what YAML does not call printable, or takes for a line end (YAML 1.2.2,
/// 5.1 and 5.4): other programs' readers refuse a text that has it as it is.
std::string quotedText(std::string_view text)
{
    struct Escape
    {
        std::string_view bytes, escape;
    };
    constexpr std::array<Escape, 6> escapes {{{"\x7F", "\\x7F"}, {"\u2028", "\\u2028"}, {"\u2029", "\\u2029"}, {"\uFEFF", "\\uFEFF"}, {"\uFFFE", "\\uFFFE"}, {"\uFFFF", "\\uFFFF"}}};
    const std::string quoted = jsonQuoted(text);
    std::string out;
    out.reserve(quoted.size());
    for (std::string_view rest = quoted; !rest.empty();) {
        const auto found = std::ranges::find_if(escapes, [&](const Escape &each) { return rest.starts_with(each.bytes); });
        if (found != escapes.end()) {
            out += found->escape;
            rest.remove_prefix(found->bytes.size());
        } else if (rest.size() > 1 && rest[0] == '\xC2' && static_cast<unsigned char>(rest[1]) < 0xA0) { // U+0080 to U+009F
            out += fmt::format("\\x{:02X}", static_cast<unsigned char>(rest[1]));
            rest.remove_prefix(2);
        } else {
            out += rest.front();
            rest.remove_prefix(1);
        }
    }
    return out;
}

std::string scalarText(const Node &node)
{
    return !node.quoted || isPlain(node.text) ? node.text : quotedText(node.text);
}

std::string keyText(std::string_view key)
{
    return isPlain(key) ? std::string(key) : quotedText(key);
}

bool isNested(const Node &node)
{
    return !node.items.empty() || !node.entries.empty();
}

std::string flowText(const Node &node)
{
    std::string out;
    switch (node.kind) {
    case Node::Kind::Null: return "null";
    case Node::Kind::Scalar: return scalarText(node);
    case Node::Kind::Sequence:
        for (const Node &item : node.items)
            out += (out.empty() ? "" : ", ") + flowText(item);
        return '[' + out + ']';
    case Node::Kind::Map:
        for (const Entry &entry : node.entries)
            out += (out.empty() ? " " : ", ") + keyText(entry.key) + ": " + flowText(entry.value);
        return out.empty() ? "{}" : '{' + out + " }";
    }
    return out;
}

class Writer
{
public:
    std::string write(const Node &root)
    {
        writeEntries(root, 0, 0);
        return std::move(m_out);
    }

private:
    /// Behind "key:" or "- ": on the same line where it fits, else on lines of its own.
    void writeValue(const Node &node, int indent, int depth, bool inSequence)
    {
        if (!isNested(node)) {
            m_out += (inSequence ? "" : " ") + flowText(node) + '\n';
            return;
        }
        if (depth >= flowDepth) {
            const std::string flow = flowText(node);
            if (flow.size() + static_cast<std::size_t>(indent) <= flowWidth) {
                m_out += (inSequence ? "" : " ") + flow + '\n';
                return;
            }
        }
        if (node.kind == Node::Kind::Sequence) {
            m_out += '\n';
            for (const Node &item : node.items) {
                m_out.append(static_cast<std::size_t>(indent), ' ');
                m_out += "- ";
                writeValue(item, indent + indentStep, depth + 1, true);
            }
        } else if (inSequence) {
            writeEntries(node, indent, depth, true);
        } else {
            m_out += '\n';
            writeEntries(node, indent, depth);
        }
    }

    void writeEntries(const Node &map, int indent, int depth, bool firstIsIndented = false)
    {
        bool first = true;
        for (const Entry &entry : map.entries) {
            if (!(first && firstIsIndented))
                m_out.append(static_cast<std::size_t>(indent), ' ');
            first = false;
            m_out += keyText(entry.key) + ':';
            writeValue(entry.value, indent + indentStep, depth + 1, false);
        }
    }

    std::string m_out;
};

} // namespace

std::string yamlText(const Node &node)
{
    return Writer().write(node);
}

} // namespace gateway::config
