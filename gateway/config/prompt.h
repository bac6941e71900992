// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/problem.h"
#include "gateway/config/values.h"
#include "gateway/core/clock.h"

#include <cstdint>
#include <expected>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Prompts as config.md names them: templates (core/mustache.h) with what they are to be sent with, kept like code.
namespace gateway::config {

enum class VariableType : std::uint8_t { Text, Number, Boolean, List, Object };

/// One variable of a version, and what may be given for it.
struct PromptVariable
{
    std::string name;
    VariableType type = VariableType::Text;
    bool required = true;                   ///< must be given; else the default stands, or nothing
    std::string defaultValue;               ///< JSON; empty: none
    std::string description;
    std::optional<std::int64_t> maxLength;  ///< Text: characters; List: items
    std::optional<double> least, most;      ///< Number; `min` and `max`
    std::vector<std::string> oneOf;         ///< Text; empty: anything
    bool operator==(const PromptVariable &) const = default;
};

struct PromptMessage
{
    std::string role; ///< system, developer, user or assistant
    std::string content;
    bool operator==(const PromptMessage &) const = default;
};

/// How values are put into the templates of a version.
enum class PromptEscape : std::uint8_t { None, Html, Json };

/// A version never changes once it is there; what changes is a new version. Labels are no part of it: they move.
struct PromptVersion
{
    std::int64_t version = 1;
    std::string model;                          ///< a route's name; empty: the caller's own
    std::vector<PromptMessage> messages;
    JsonText parameters;                        ///< of the request, in OpenAI's words: temperature, max_tokens
    std::string tools;                          ///< a JSON array; empty: none
    JsonText responseFormat;
    std::vector<PromptVariable> variables;      ///< none: every name that the templates have is a required text
    std::map<std::string, std::string> partials;
    PromptEscape escape = PromptEscape::None;
    std::vector<std::string> labels;
    std::string note, author;
    WallTime createdAt {};                      ///< zero: not known
    bool operator==(const PromptVersion &) const = default;
};

/// One of the versions among which an experiment shares out calls, by its number or by a label, which may move meanwhile.
struct ExperimentShare
{
    std::int64_t version = 0;                   ///< 0: the label says which
    std::string label;
    double weight = 1;                          ///< above 0; shares are weights over their sum
    bool operator==(const ExperimentShare &) const = default;
};

/// A call with known values, and what its answer has to be.
struct PromptTestCase
{
    std::string name;
    JsonText variables;
    std::vector<std::string> matches;           ///< regular expressions (RE2) that the answer's text must match somewhere
    std::vector<std::string> notMatches;        ///< and must not
    JsonText schema;                            ///< JSON Schema that the answer must keep to, as JSON (core/json_schema.h); empty: it may be any text
    bool operator==(const PromptTestCase &) const = default;
};

struct PromptTestSet
{
    std::string name;
    std::vector<PromptTestCase> cases;
    bool operator==(const PromptTestSet &) const = default;
};

struct Prompt
{
    std::string id;
    Origin origin = Origin::Database;
    std::string name;
    std::string folder;                         ///< "support/mail"; empty: none
    std::vector<PromptVersion> versions;        ///< in the order of their numbers
    std::vector<ExperimentShare> experiment;    ///< calls that name no version are shared out among these; empty: the usual one
    std::vector<PromptTestSet> testSets;
    bool operator==(const Prompt &) const = default;
};

std::string_view toText(VariableType type);
std::string_view toText(PromptEscape escape);

/// Where the label `production` is, callers who name no version get it.
inline constexpr std::string_view usualLabel = "production";

/// What a caller names: "name", "name@3" or "name@label".
struct PromptReference
{
    std::string name;
    std::string which; ///< a version's number or a label; empty: the usual
    bool operator==(const PromptReference &) const = default;
};
/// @return nullopt: it is no such text
std::optional<PromptReference> parsePromptReference(std::string_view text);
/// The version that `which` means: of the usual ones the one labelled production, else the latest. Null: there is none.
const PromptVersion *findVersion(const Prompt &prompt, std::string_view which);

/// Reads the list `prompts` of JSON with the fields of the configuration file, with its values and templates checked;
/// texts are literal. Never throws. @return what is wrong, all of it
std::expected<std::vector<Prompt>, Problems> readPrompts(std::string_view json);
/// The same of one prompt.
std::expected<Prompt, Problems> readPrompt(std::string_view json);

} // namespace gateway::config
