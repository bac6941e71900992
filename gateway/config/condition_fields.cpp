// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/condition_fields.h"

#include "gateway/core/text.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace gateway::config {

namespace {

constexpr std::array fields {
    ConditionField {"metadata.", FieldKind::Any, "of the call's metadata: x-signalbox-metadata, or the body's signalbox.metadata or metadata"},
    ConditionField {"headers.", FieldKind::Text, "a header of the call, by its name in any case"},
    ConditionField {"body.", FieldKind::Any, "a field of the call's body at any depth: body.tools.0.type"},
    ConditionField {"model", FieldKind::Text, "the model that the caller asked for"},
    ConditionField {"endpoint", FieldKind::Text, "the API that was called: chat, messages, responses, embeddings"},
    ConditionField {"stream", FieldKind::Bool, "whether the answer is to be streamed"},
    ConditionField {"key", FieldKind::Text, "the virtual key's name"},
    ConditionField {"team", FieldKind::Text, "the key's team"},
    ConditionField {"customer", FieldKind::Text, "x-signalbox-customer, or the body's user"},
    ConditionField {"session", FieldKind::Text, "x-signalbox-session"},
    ConditionField {"tags", FieldKind::List, "x-signalbox-tags"},
    ConditionField {"tokens.input", FieldKind::Number, "estimate of the prompt's tokens", 0},
    ConditionField {"tokens.max_output", FieldKind::Number, "the most tokens that the caller lets the answer have", 0},
    ConditionField {"complexity", FieldKind::Number, "how demanding the request is, from 0 to 1, judged from its text", 0, 1},
    ConditionField {"needs.vision", FieldKind::Bool, "the call has images"},
    ConditionField {"needs.audio", FieldKind::Bool, "the call has audio"},
    ConditionField {"needs.files", FieldKind::Bool, "the call has files"},
    ConditionField {"needs.tools", FieldKind::Bool, "the call offers tools"},
    ConditionField {"needs.json_schema", FieldKind::Bool, "the answer has to follow a JSON schema"},
    ConditionField {"time.hour", FieldKind::Number, "0 to 23, in gateway.time_zone", 0, 23},
    ConditionField {"time.minute", FieldKind::Number, "0 to 59", 0, 59},
    ConditionField {"time.weekday", FieldKind::Number, "1 (mon) to 7 (sun); the words may be written too", 1, 7},
    ConditionField {"time.day", FieldKind::Number, "of the month, 1 to 31", 1, 31},
    ConditionField {"time.month", FieldKind::Number, "1 to 12", 1, 12},
    ConditionField {"budget.organisation.used", FieldKind::Number, "share of the budget that is used up: 0.8 is 80 %", 0},
    ConditionField {"budget.team.used", FieldKind::Number, "the same of the key's team", 0},
    ConditionField {"budget.key.used", FieldKind::Number, "the same of the key", 0},
    ConditionField {"budget.customer.used", FieldKind::Number, "the same of the customer", 0},
};

constexpr std::array<std::string_view, 10> operators {"$eq", "$ne", "$gt", "$gte", "$lt", "$lte", "$in", "$nin", "$regex", "$exists"};

constexpr std::array<std::string_view, 7> days {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};

bool matches(const ConditionField &field, std::string_view name)
{
    return field.name.ends_with('.') ? name.size() > field.name.size() && name.starts_with(field.name) : name == field.name;
}

/// A path into JSON or a header's name, whose every step is there.
bool hasEmptyStep(std::string_view name)
{
    return name.ends_with('.') || name.find("..") != std::string_view::npos;
}

} // namespace

std::span<const ConditionField> conditionFields()
{
    return fields;
}

const ConditionField *findConditionField(std::string_view name)
{
    if (hasEmptyStep(name))
        return nullptr;
    const auto found = std::find_if(fields.begin(), fields.end(), [&](const ConditionField &field) { return matches(field, name); });
    return found == fields.end() ? nullptr : &*found;
}

std::optional<std::string> conditionFieldProblem(std::string_view name)
{
    if (findConditionField(name) != nullptr)
        return std::nullopt;
    std::vector<std::string_view> names;
    for (const ConditionField &field : fields) {
        if (field.name.ends_with('.') && (name == field.name || name == field.name.substr(0, field.name.size() - 1)))
            return fmt::format("`{0}` needs the name of what is meant, such as {0}{1}tier", name, name.ends_with('.') ? "" : ".");
        names.push_back(field.name);
    }
    if (hasEmptyStep(name))
        return fmt::format("{} has a dot too many", jsonQuoted(truncatedUtf8(name, 60)));
    const std::string_view near = nearestName(name, names);
    return fmt::format("there is no field {} to look at{}", jsonQuoted(truncatedUtf8(name, 60)),
                       near.empty() ? fmt::format("; there are {}", fmt::join(names, ", ")) : fmt::format("; did you mean `{}`?", near));
}

std::string_view toText(Operator comparison)
{
    return operators[static_cast<std::size_t>(comparison)];
}

std::optional<Operator> operatorOf(std::string_view word)
{
    const auto found = std::find(operators.begin(), operators.end(), word);
    return found == operators.end() ? std::nullopt : std::optional(static_cast<Operator>(found - operators.begin()));
}

std::span<const std::string_view> operatorWords()
{
    return operators;
}

std::optional<int> weekdayOf(std::string_view word)
{
    constexpr std::size_t shortName = 3;
    for (std::size_t i = 0; i < days.size(); ++i) {
        if (equalsIgnoringCase(word, days[i]) || equalsIgnoringCase(word, days[i].substr(0, shortName)))
            return static_cast<int>(i) + 1;
    }
    return std::nullopt;
}

} // namespace gateway::config
