// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/document.h"

#include "gateway/config/duration.h"
#include "gateway/core/text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <fmt/format.h>
#include <sstream>
#include <unordered_set>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

namespace gateway::config {

namespace {

/// Stops the parser of yaml-cpp, which knows no other way; caught in parseYaml().
struct Refusal
{
    YAML::Mark mark;
    std::string message;
};

/// Builds the tree while the parser reads, so that the bounds hold before memory is spent.
class TreeBuilder final : public YAML::EventHandler
{
public:
    Node take() { return std::move(m_root); }
    [[nodiscard]] bool any() const { return m_nodes > 0; }

    void OnDocumentStart(const YAML::Mark &) override {}
    void OnDocumentEnd() override {}

    void OnNull(const YAML::Mark &mark, YAML::anchor_t anchor) override { put(mark, anchor, {}, Node {}); }

    void OnAlias(const YAML::Mark &mark, YAML::anchor_t) override { throw Refusal {mark, "aliases (*name) are not taken; write the value out"}; }

    void OnScalar(const YAML::Mark &mark, const std::string &tag, YAML::anchor_t anchor, const std::string &value) override
    {
        put(mark, anchor, tag, tag == "!" ? Node::string(value) : Node::plain(value));
    }

    void OnSequenceStart(const YAML::Mark &mark, const std::string &tag, YAML::anchor_t anchor, YAML::EmitterStyle::value) override
    {
        open(put(mark, anchor, tag, Node::sequence()), mark);
    }
    void OnSequenceEnd() override { m_open.pop_back(); }

    void OnMapStart(const YAML::Mark &mark, const std::string &tag, YAML::anchor_t anchor, YAML::EmitterStyle::value) override
    {
        open(put(mark, anchor, tag, Node::map()), mark);
    }
    void OnMapEnd() override { m_open.pop_back(); }

private:
    struct Level
    {
        Node *node;
        bool keyNext = true;               ///< of a map
        std::unordered_set<std::string> keys {};
    };

    void open(Node *node, const YAML::Mark &mark)
    {
        if (m_open.size() >= maxDocumentDepth)
            throw Refusal {mark, fmt::format("nested more than {} deep", maxDocumentDepth)};
        m_open.push_back(Level {node});
    }

    Node *put(const YAML::Mark &mark, YAML::anchor_t anchor, const std::string &tag, Node node)
    {
        if (++m_nodes > maxDocumentNodes)
            throw Refusal {mark, fmt::format("more than {} values", maxDocumentNodes)};
        if (anchor != YAML::NullAnchor)
            throw Refusal {mark, "anchors (&name) are not taken; write the value out where it is used"};
        if (!tag.empty() && tag != "?" && tag != "!")
            throw Refusal {mark, "tags (!name) are not taken"};
        node.line = mark.line + 1;
        node.column = mark.column + 1;
        if (m_open.empty()) {
            m_root = std::move(node);
            return &m_root;
        }
        Level &level = m_open.back();
        if (level.node->kind == Node::Kind::Sequence)
            return &level.node->items.emplace_back(std::move(node));
        if (level.keyNext) {
            level.keyNext = false;
            addKey(level, mark, std::move(node));
            return nullptr; // open() is never reached: a key is a scalar
        }
        level.keyNext = true;
        Entry &entry = level.node->entries.back();
        if (node.kind == Node::Kind::Null) { // the parser is past the line by then
            node.line = entry.line;
            node.column = entry.column;
        }
        Node &value = entry.value;
        value = std::move(node);
        return &value;
    }

    static void addKey(Level &level, const YAML::Mark &mark, Node key)
    {
        if (key.kind != Node::Kind::Scalar)
            throw Refusal {mark, "a map or list cannot be a key; is a `:`, a quote or a closing bracket missing here or below?"};
        if (key.text == "<<" && !key.quoted)
            throw Refusal {mark, "merge keys (<<) are not taken; write the values out"};
        if (!level.keys.insert(key.text).second)
            throw Refusal {mark, fmt::format("the key `{}` occurs twice here", toValidUtf8(key.text))};
        level.node->entries.push_back(Entry {std::move(key.text), Node {}, key.line, key.column});
    }

    Node m_root;
    std::vector<Level> m_open; // a level's node stays where it is: only the innermost one grows
    std::size_t m_nodes = 0;
};

/// JSON writes characters beyond the first plane as two \u escapes, which yaml-cpp refuses: they become one \U.
std::string joinSurrogates(std::string_view text)
{
    const auto unit = [&](std::size_t at) -> unsigned {
        unsigned value = 0;
        if (at + 6 > text.size() || text[at] != '\\' || text[at + 1] != 'u')
            return 0;
        const auto [end, error] = std::from_chars(text.data() + at + 2, text.data() + at + 6, value, 16);
        return error == std::errc {} && end == text.data() + at + 6 ? value : 0;
    };
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '\\') {
            out += text[at];
            continue;
        }
        const unsigned high = unit(at);
        const unsigned low = high >= 0xD800 && high <= 0xDBFF ? unit(at + 6) : 0;
        if (low >= 0xDC00 && low <= 0xDFFF) {
            out += fmt::format("\\U{:08X}", 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00));
            at += 11;
        } else {
            out += text.substr(at, 2); // the escaped character too: it may be a backslash
            ++at;
        }
    }
    return out;
}

std::string_view lineOf(std::string_view text, int line)
{
    for (; line > 0 && !text.empty(); --line)
        text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
    return text.substr(0, text.find('\n'));
}

/// What the parser's terse words mean for whoever wrote the text.
std::string explained(const YAML::Exception &error, std::string_view text)
{
    struct Meaning
    {
        std::string_view parser, words;
    };
    constexpr std::array meanings {
        Meaning {"end of sequence not found", "this line stands at another column than the list's items before it; begin each `-` of a list at the same column"},
        Meaning {"end of map not found", "this line stands at another column than the keys before it; begin all keys of a map at the same column"},
        Meaning {"end of sequence flow not found", "a list that was opened with `[` is not closed with `]`"},
        Meaning {"end of map flow not found", "a map that was opened with `{` is not closed with `}`"},
        Meaning {"illegal block entry", "a list's `-` cannot stand here; begin it on a line of its own, below its key"},
        Meaning {"illegal map value", "a `:` cannot stand here; put quotes around a text that has one, or look for a quote or bracket that is not closed above"},
        Meaning {"illegal flow end", "a `]` or `}` closes what was not opened"},
    };
    const std::string_view line = error.mark.line >= 0 ? lineOf(text, error.mark.line) : std::string_view();
    const bool json = trimmed(text).starts_with('{');
    if (!json && line.substr(0, line.find_first_not_of(" \t")).find('\t') != std::string_view::npos)
        return "the line is indented with a tab; YAML takes only spaces";
    const auto found = std::ranges::find(meanings, std::string_view(error.msg), &Meaning::parser);
    return found == meanings.end() ? fmt::format("is neither YAML nor JSON here: {}", toValidUtf8(error.msg)) : std::string(found->words);
}

constexpr std::string_view asJson = " (the text begins as JSON: look for a bracket, quote or comma that is missing or too many)";

Problem problemAt(const std::string &file, const YAML::Mark &mark, std::string message)
{
    const bool placed = mark.line >= 0;
    return Problem {.file = file, .line = placed ? mark.line + 1 : 0, .column = placed ? mark.column + 1 : 0, .message = std::move(message)};
}

/// @param before  the text up to the first byte that is wrong
Problem notUtf8(const std::string &file, std::string_view before)
{
    const std::size_t lineStart = before.rfind('\n') + 1; // npos + 1 is 0
    return Problem {.file = file,
                    .line = static_cast<int>(std::ranges::count(before, '\n')) + 1,
                    .column = static_cast<int>(before.size() - lineStart) + 1,
                    .message = "is not UTF-8 text from here on; a configuration is YAML or JSON in UTF-8"};
}

} // namespace

std::expected<Node, Problem> parseYaml(std::string_view text, const std::string &file)
{
    if (text.size() > maxDocumentBytes)
        return std::unexpected(Problem {.file = file, .message = fmt::format("is over {}, which is more than any configuration needs; is it the right file?", sizeText(static_cast<std::int64_t>(maxDocumentBytes)))});
    if (text.find('\0') != std::string_view::npos)
        return std::unexpected(Problem {.file = file, .message = "is not text: it has a zero byte; a configuration is YAML or JSON in UTF-8"});
    if (const std::string valid = toValidUtf8(text); valid != text)
        return std::unexpected(notUtf8(file, text.substr(0, static_cast<std::size_t>(std::ranges::mismatch(text, valid).in1 - text.begin()))));
    const std::string_view start = trimmed(text);
    if (start.empty())
        return std::unexpected(Problem {.file = file, .message = "is empty; a configuration has at least `version: 1`"});
    try {
        std::istringstream in(start.front() == '{' ? joinSurrogates(text) : std::string(text));
        YAML::Parser parser(in);
        TreeBuilder tree;
        parser.HandleNextDocument(tree);
        if (!tree.any())
            return std::unexpected(Problem {.file = file, .message = "holds nothing; a configuration has at least `version: 1`"});
        TreeBuilder second;
        if (parser.HandleNextDocument(second) && second.any())
            return std::unexpected(Problem {.file = file, .message = "holds a second document (after `---`); a configuration is one document"});
        return tree.take();
    } catch (const Refusal &refusal) {
        return std::unexpected(problemAt(file, refusal.mark, refusal.message));
    } catch (const YAML::Exception &error) {
        return std::unexpected(problemAt(file, error.mark, explained(error, text) + std::string(start.front() == '{' ? asJson : std::string_view())));
    } catch (const std::exception &error) {
        return std::unexpected(Problem {.file = file, .message = fmt::format("cannot be read: {}", toValidUtf8(error.what()))});
    }
}

} // namespace gateway::config
