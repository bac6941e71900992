// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/json_writer.h"

#include "gateway/core/text.h"

#include <charconv>

namespace gateway::wire {

JsonWriter &JsonWriter::key(std::string_view name)
{
    comma();
    m_out.append(1, '"').append(name).append("\":");
    m_first = true;
    return *this;
}

JsonWriter &JsonWriter::value(Chars text)
{
    comma();
    m_out.append(1, '"').append(text.raw).append(1, '"');
    return *this;
}

JsonWriter &JsonWriter::value(Json json)
{
    comma();
    m_out.append(json.empty() ? "null" : json.raw);
    return *this;
}

JsonWriter &JsonWriter::value(std::int64_t number)
{
    comma();
    char digits[24];
    const auto end = std::to_chars(std::begin(digits), std::end(digits), number).ptr;
    m_out.append(digits, end);
    return *this;
}

JsonWriter &JsonWriter::value(bool boolean)
{
    comma();
    m_out.append(boolean ? "true" : "false");
    return *this;
}

JsonWriter &JsonWriter::text(std::string_view plain)
{
    comma();
    m_out.append(jsonQuoted(plain));
    return *this;
}

JsonWriter &JsonWriter::null()
{
    return value(Json {});
}

JsonWriter &JsonWriter::open(char bracket)
{
    comma();
    m_out += bracket;
    m_first = true;
    return *this;
}

JsonWriter &JsonWriter::close(char bracket)
{
    m_out += bracket;
    m_first = false;
    return *this;
}

void JsonWriter::comma()
{
    if (!m_first)
        m_out += ',';
    m_first = false;
}

} // namespace gateway::wire
