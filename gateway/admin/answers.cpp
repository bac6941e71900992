// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/admin/answers.h"

#include "gateway/config/duration.h"
#include "gateway/core/text.h"
#include "gateway/wire/caller_errors.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace gateway::admin {

namespace {

template <typename Json>
pipeline::AdminReply written(const Json &body, int status)
{
    return {.status = status, .body = body.dump(-1, ' ', false, Json::error_handler_t::replace)};
}

} // namespace

pipeline::AdminReply answer(const nlohmann::json &body, int status)
{
    return written(body, status);
}

pipeline::AdminReply answer(const nlohmann::ordered_json &body, int status)
{
    return written(body, status);
}

pipeline::AdminReply nothing()
{
    return {.status = 204};
}

pipeline::AdminReply refusal(const Error &error, int status)
{
    return {.status = status != 0 ? status : wire::callerStatus(error.code), .body = wire::errorBody(error, wire::CallerFormat::OpenAi)};
}

pipeline::AdminReply refusal(const std::vector<api::FieldError> &problems)
{
    nlohmann::json list = nlohmann::json::array();
    for (const api::FieldError &problem : problems)
        list.push_back({{"field", problem.field}, {"message", problem.message}, {"warning", problem.warning}});
    const auto first = std::ranges::find(problems, false, &api::FieldError::warning);
    Error error {.code = ErrorCode::Invalid, .message = "The edit was refused; nothing was changed."};
    if (first != problems.end()) {
        error.message = first->message;
        error.where = first->field;
    }
    auto body = nlohmann::json::parse(wire::errorBody(error, wire::CallerFormat::OpenAi));
    body["error"]["problems"] = std::move(list);
    return answer(body, wire::callerStatus(error.code));
}

Result<int> numberOf(std::string_view text, std::string_view name, int otherwise, int most)
{
    if (text.empty())
        return otherwise;
    int number = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (problem != std::errc() || end != text.data() + text.size() || number < 1 || number > most)
        return fail(ErrorCode::BadRequest, fmt::format("{} is a number from 1 to {}, but here it is {}.", name, most, jsonQuoted(truncatedUtf8(text, 40))), std::string(name));
    return number;
}

Result<std::optional<WallTime>> timeOf(std::string_view text, const char *name)
{
    if (text.empty())
        return std::nullopt;
    const auto date = config::parseDate(text);
    if (!date)
        return fail(ErrorCode::BadRequest, fmt::format("{} is a date, such as 2026-11-01 or 2026-11-01T08:00:00Z, but here it is {}.", name, jsonQuoted(truncatedUtf8(text, 40))), name);
    return *date;
}

Result<bool> truthOf(std::string_view text, const char *name)
{
    if (text == "true" || text == "false" || text.empty())
        return text == "true";
    return fail(ErrorCode::BadRequest, fmt::format("{} is true or false, but here it is {}.", name, jsonQuoted(truncatedUtf8(text, 40))), name);
}

Result<std::string> noteOf(std::string_view text)
{
    if (text.size() > longestNote)
        return fail(ErrorCode::BadRequest, fmt::format("The note has {} bytes; at most {} are kept.", text.size(), longestNote), "note");
    return toValidUtf8(text);
}

} // namespace gateway::admin
