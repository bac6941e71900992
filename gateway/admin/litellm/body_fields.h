// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"
#include "gateway/core/money.h"

#include <cstdint>
#include <initializer_list>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gateway::admin::litellm {

/// A body of LiteLLM's management calls, field by field. Each field is taken, or told as not taken, or refused: none is passed
/// over. Of what is wrong, the first is kept for finish().
class BodyFields
{
public:
    explicit BodyFields(nlohmann::ordered_json object) : m_object(std::move(object)) {}

    /// Whether the body has it, be it null; the field counts as known from now on.
    bool has(std::string_view name);

    // The value; nullopt where the body does not have it, where it is null, or where it is wrong.
    std::optional<std::string> text(std::string_view name);
    std::optional<bool> truth(std::string_view name);
    std::optional<std::int64_t> count(std::string_view name); ///< 1 to 2^50
    std::optional<Money> dollars(std::string_view name);      ///< not below nothing
    std::optional<std::vector<std::string>> texts(std::string_view name);
    /// Of an object of texts, numbers and truths, each as a text; nullopt also where there is more in it, which is told as not taken.
    std::optional<std::map<std::string, std::string>> labels(std::string_view name);

    /// What only describes: told in `signalbox_not_taken` where the body says something of it.
    void leave(std::initializer_list<std::string_view> names);
    void leave(std::string_view name) { m_left.emplace_back(name); }
    /// What would hold a key or team back, or change what its calls do: an error where the body says something of it.
    void refuse(std::initializer_list<std::string_view> names, std::string_view why);
    void wrong(std::string_view name, std::string message);

    /// @return the fields that were not taken. Errors: BadRequest with the field, also for one that nobody asked for.
    Result<std::vector<std::string>> finish();

private:
    /// The value where it is there and not null; the field counts as known from now on.
    const nlohmann::ordered_json *value(std::string_view name);
    bool saysSomething(std::string_view name);

    nlohmann::ordered_json m_object;
    std::set<std::string, std::less<>> m_known;
    std::vector<std::string> m_left;
    std::optional<Error> m_wrong;
};

} // namespace gateway::admin::litellm
