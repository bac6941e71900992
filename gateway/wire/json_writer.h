// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/neutral/json_pieces.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace gateway::wire {

/// Writes compact JSON to the end of a string, commas by itself; what nests wrongly is the caller's mistake. Names are
/// given as plain ASCII that needs no escape.
///   JsonWriter json(out); json.object(); json.member("model", model); json.array("stop"); ...; json.endObject();
class JsonWriter
{
public:
    explicit JsonWriter(std::string &out) : m_out(out) {}

    JsonWriter &object() { return open('{'); }
    JsonWriter &array() { return open('['); }
    JsonWriter &object(std::string_view name) { return key(name).open('{'); }
    JsonWriter &array(std::string_view name) { return key(name).open('['); }
    JsonWriter &endObject() { return close('}'); }
    JsonWriter &endArray() { return close(']'); }

    JsonWriter &key(std::string_view name);
    JsonWriter &value(Chars text);            ///< a string, as its sender escaped it
    JsonWriter &value(Json json);             ///< any value, as it stands; empty: null
    JsonWriter &value(std::int64_t number);
    JsonWriter &value(bool boolean);
    JsonWriter &value(const char *) = delete; ///< text() or Chars: a pointer would become a boolean
    JsonWriter &text(std::string_view plain); ///< a string, escaped here
    JsonWriter &null();

    template <typename T>
    JsonWriter &member(std::string_view name, T &&what)
    {
        return key(name).value(std::forward<T>(what));
    }
    JsonWriter &textMember(std::string_view name, std::string_view plain) { return key(name).text(plain); }
    JsonWriter &nullMember(std::string_view name) { return key(name).null(); }

    /// Where it is there; nothing else.
    JsonWriter &memberIf(std::string_view name, Json json) { return json.empty() ? *this : member(name, json); }
    JsonWriter &memberIf(std::string_view name, Chars text) { return text.empty() ? *this : member(name, text); }

private:
    JsonWriter &open(char bracket);
    JsonWriter &close(char bracket);
    void comma();

    std::string &m_out;
    bool m_first = true; ///< nothing yet since the bracket or the key
};

/// Appends an element that `write(json)` writes to a comma-joined list.
template <typename Write>
void addElement(std::string &list, Write &&write)
{
    if (!list.empty())
        list += ',';
    JsonWriter json(list);
    write(json);
}

} // namespace gateway::wire
