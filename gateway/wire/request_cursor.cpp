// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/request_cursor.h"

#include "gateway/wire/json_number.h"

#include <fmt/format.h>

#include <utility>

namespace gateway::wire {

bool RequestCursor::chars(std::string_view name, Chars &out)
{
    if (m_json.null())
        return true;
    if (type() != JsonCursor::Type::String)
        return fail(name, "must be a string");
    return m_json.string(out.raw) || malformed();
}

bool RequestCursor::number(std::string_view name, Json &out)
{
    if (m_json.null())
        return true;
    if (type() != JsonCursor::Type::Number)
        return fail(name, "must be a number");
    if (!m_json.skip(out.raw))
        return malformed();
    return isJsonNumber(out.raw) || fail(name, "is no number of JSON's");
}

bool RequestCursor::integer(std::string_view name, std::optional<std::int64_t> &out)
{
    if (m_json.null())
        return true;
    out = m_json.integer();
    return out || fail(name, "must be a whole number");
}

bool RequestCursor::boolean(std::string_view name, std::optional<bool> &out)
{
    if (m_json.null())
        return true;
    out = m_json.boolean();
    return out || fail(name, "must be true or false");
}

bool RequestCursor::object(std::string_view name, Json &out)
{
    if (m_json.null())
        return true;
    if (type() != JsonCursor::Type::Object)
        return fail(name, "must be an object");
    return m_json.skip(out.raw) || malformed();
}

bool RequestCursor::any(Json &out)
{
    if (m_json.null())
        return true;
    return m_json.skip(out.raw) || malformed();
}

bool RequestCursor::skip()
{
    return m_json.skip() || malformed();
}

bool RequestCursor::fail(std::string_view name, std::string_view what)
{
    if (m_error)
        return false;
    const Step step(*this, name);
    m_error = Error {.code = ErrorCode::BadRequest, .message = fmt::format("{} {}.", m_path.empty() ? "The body" : m_path, what), .where = m_path};
    return false;
}

Error RequestCursor::error() &&
{
    malformed();
    return std::move(*m_error);
}

bool RequestCursor::malformed()
{
    if (!m_error)
        m_error = Error {.code = ErrorCode::BadRequest, .message = fmt::format("The body is not valid JSON near byte {}.", m_json.offset()), .where = m_path};
    return false;
}

std::string_view RequestCursor::plainKey(std::string_view raw)
{
    if (raw.find('\\') == std::string_view::npos)
        return raw;
    m_key = unescapeJson(raw);
    return m_key;
}

RequestCursor::Step::Step(RequestCursor &cursor, std::string_view name) : m_path(cursor.m_path), m_before(cursor.m_path.size())
{
    if (!m_path.empty() && !name.empty())
        m_path += '.';
    m_path += name;
}

} // namespace gateway::wire
