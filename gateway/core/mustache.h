// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

/// Templates of prompts, in the Mustache language (mustache(5), mustache.github.io/mustache.5.html) without its lambdas:
/// nothing in a template is code. Variables, sections, inverted sections, partials, comments, set delimiters; dotted names,
/// the implicit iterator, standalone lines. What differs: a prompt is no HTML, so a variable is put in as it stands unless
/// an Escape is asked for; and a name that nothing has is an error where `strict` says so. Linear in template, values and
/// text; everything is bounded. Thread-safe where const.
namespace gateway {

/// What is wrong, where. Lines and columns count from 1, columns in characters.
struct MustacheError
{
    std::string message;
    int line = 0;
    int column = 0;
    std::string partial {}; ///< within which; empty: the template itself

    /// "line 3, column 7: message"
    [[nodiscard]] std::string text() const;
    bool operator==(const MustacheError &) const = default;
};

class MustacheTemplate
{
public:
    static constexpr std::size_t longest = 256 * 1024; ///< bytes of a template
    static constexpr std::size_t deepest = 64;         ///< sections within one another
    static constexpr std::size_t mostTags = 20'000;

    /// Reads a template.
    static std::expected<MustacheTemplate, MustacheError> parse(std::string_view text);

    /// Every name that it looks up, dotted ones whole; of a section those inside it too, which may be those of its items.
    [[nodiscard]] const std::set<std::string, std::less<>> &names() const;
    /// Those of variables outside of every section: they must be given where it is rendered strictly.
    [[nodiscard]] const std::set<std::string, std::less<>> &topNames() const;
    [[nodiscard]] const std::set<std::string, std::less<>> &partials() const;

    struct Node;

private:
    friend class MustacheParser;
    friend class MustacheRenderer;
    struct Parsed;
    explicit MustacheTemplate(std::shared_ptr<const Parsed> parsed) : m_parsed(std::move(parsed)) {}

    std::shared_ptr<const Parsed> m_parsed;
};

struct MustacheOptions
{
    enum class Escape : std::uint8_t { None, Html, Json };
    Escape escape = Escape::None;        ///< of {{name}}; {{{name}}} and {{&name}} are never escaped
    bool strict = true;                  ///< a name that nothing has is an error; else it is empty, as Mustache has it
    std::size_t partialDepth = 8;        ///< of partials within one another
    std::size_t longest = 4 * 1024 * 1024; ///< bytes of what is rendered
    std::size_t steps = 1'000'000;       ///< parts of templates that are rendered

    /// The template of that name; null: there is none, which is an error where it is used.
    std::function<const MustacheTemplate *(std::string_view name)> partial {};
};

/// Puts values into a template. Numbers, true and false are written as JSON has them, null as nothing. False for a section
/// are null, false, an empty text and an empty list; 0 is a number like any other.
/// @param values  an object
[[nodiscard]] std::expected<std::string, MustacheError> render(const MustacheTemplate &itsTemplate, const nlohmann::json &values, const MustacheOptions &options = {});

} // namespace gateway
