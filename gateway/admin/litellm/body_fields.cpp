// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/admin/litellm/body_fields.h"

#include "gateway/core/text.h"

#include <fmt/format.h>
#include <utility>

namespace gateway::admin::litellm {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::int64_t mostCounted = std::int64_t {1} << 50;

/// A number as LiteLLM's clients send it, exactly as far as nano-dollars go.
std::optional<Money> moneyOf(const Json &value)
{
    const std::string text = value.is_number_float() ? fmt::format("{:.9f}", value.get<double>()) : value.is_number() ? value.dump() : value.is_string() ? value.get<std::string>() : std::string();
    const auto money = Money::parse(text);
    return money ? std::optional(*money) : std::nullopt;
}

} // namespace

const Json *BodyFields::value(std::string_view name)
{
    m_known.emplace(name);
    const auto found = m_object.find(std::string(name));
    return found == m_object.end() || found->is_null() ? nullptr : &*found;
}

bool BodyFields::has(std::string_view name)
{
    m_known.emplace(name);
    return m_object.contains(std::string(name));
}

void BodyFields::wrong(std::string_view name, std::string message)
{
    if (!m_wrong)
        m_wrong = Error {.code = ErrorCode::BadRequest, .message = std::move(message), .where = std::string(name)};
}

std::optional<std::string> BodyFields::text(std::string_view name)
{
    const Json *found = value(name);
    if (found == nullptr)
        return std::nullopt;
    if (found->is_string())
        return found->get<std::string>();
    wrong(name, fmt::format("{} is a text.", name));
    return std::nullopt;
}

std::optional<bool> BodyFields::truth(std::string_view name)
{
    const Json *found = value(name);
    if (found == nullptr)
        return std::nullopt;
    if (found->is_boolean())
        return found->get<bool>();
    wrong(name, fmt::format("{} is true or false.", name));
    return std::nullopt;
}

std::optional<std::int64_t> BodyFields::count(std::string_view name)
{
    const Json *found = value(name);
    if (found == nullptr)
        return std::nullopt;
    const bool whole = found->is_number_integer() && !(found->is_number_unsigned() && found->get<std::uint64_t>() > static_cast<std::uint64_t>(mostCounted));
    if (const std::int64_t count = whole ? found->get<std::int64_t>() : 0; count >= 1 && count <= mostCounted)
        return count;
    wrong(name, fmt::format("{} is a whole number from 1 on, or null for none.", name));
    return std::nullopt;
}

std::optional<Money> BodyFields::dollars(std::string_view name)
{
    const Json *found = value(name);
    if (found == nullptr || (found->is_string() && found->get_ref<const std::string &>().empty())) // LiteLLM's own forms send "" for none
        return std::nullopt;
    const auto money = moneyOf(*found);
    if (money && *money >= Money())
        return money;
    wrong(name, fmt::format("{} is an amount of dollars, not below 0, or null for none.", name));
    return std::nullopt;
}

std::optional<std::vector<std::string>> BodyFields::texts(std::string_view name)
{
    const Json *found = value(name);
    if (found == nullptr)
        return std::nullopt;
    std::vector<std::string> texts;
    bool fine = found->is_array();
    for (const Json &item : fine ? *found : Json::array()) {
        fine = fine && item.is_string();
        texts.push_back(item.is_string() ? item.get<std::string>() : std::string());
    }
    if (fine)
        return texts;
    wrong(name, fmt::format("{} is a list of texts.", name));
    return std::nullopt;
}

std::optional<std::map<std::string, std::string>> BodyFields::labels(std::string_view name)
{
    const Json *found = value(name);
    if (found == nullptr)
        return std::nullopt;
    std::map<std::string, std::string> labels;
    bool flat = found->is_object();
    const Json none = Json::object(); // items() looks at it to the end of the loop
    for (const auto &[label, item] : (flat ? *found : none).items()) {
        flat = flat && item.is_primitive() && !item.is_null() && !label.empty();
        labels.emplace(label, item.is_string() ? item.get<std::string>() : item.dump());
    }
    if (flat)
        return labels;
    leave(name);
    return std::nullopt;
}

/// LiteLLM's clients often send all fields, those that they do not use with what they are without a word.
bool BodyFields::saysSomething(std::string_view name)
{
    const Json *found = value(name);
    if (found == nullptr)
        return false;
    const bool nothing = found->is_boolean() ? !found->get<bool>() : found->is_number() ? found->get<double>() == 0 : found->is_string() ? found->get_ref<const std::string &>().empty() : found->empty();
    return !nothing;
}

void BodyFields::leave(std::initializer_list<std::string_view> names)
{
    for (const std::string_view name : names) {
        if (saysSomething(name))
            leave(name);
    }
}

void BodyFields::refuse(std::initializer_list<std::string_view> names, std::string_view why)
{
    for (const std::string_view name : names) {
        if (saysSomething(name))
            wrong(name, fmt::format("{} is not taken: {} Nothing was changed.", name, why));
    }
}

Result<std::vector<std::string>> BodyFields::finish()
{
    const std::vector<std::string_view> known(m_known.begin(), m_known.end());
    for (const auto &[name, ignored] : m_object.items()) {
        if (m_known.contains(name))
            continue;
        const std::string_view near = nearestName(name, known);
        wrong(name, fmt::format("{} is not taken{}. Nothing was changed.", jsonQuoted(truncatedUtf8(name, 60)), near.empty() ? "" : fmt::format("; did you mean {}?", near)));
    }
    if (m_wrong)
        return std::unexpected(*m_wrong);
    return std::move(m_left);
}

} // namespace gateway::admin::litellm
