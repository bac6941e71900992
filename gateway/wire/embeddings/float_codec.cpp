// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/embeddings/float_codec.h"

#include "gateway/wire/json_cursor.h"
#include "gateway/wire/json_number.h"

#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <optional>

namespace gateway::wire::embeddings {
namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Takes bytes one by one and writes four characters for three of them.
class Base64Writer
{
public:
    explicit Base64Writer(std::string &out) : m_out(out) {}

    void put(std::uint32_t byte)
    {
        m_bits = m_bits << 8 | byte;
        if (++m_bytes < 3)
            return;
        write(4);
        m_bits = 0;
        m_bytes = 0;
    }

    void end()
    {
        if (m_bytes == 0)
            return;
        m_bits <<= 8 * (3 - m_bytes);
        write(m_bytes + 1);
        m_out.append(static_cast<std::size_t>(3 - m_bytes), '=');
    }

private:
    void write(int characters)
    {
        for (int shift = 18; characters > 0; shift -= 6, --characters)
            m_out += alphabet[m_bits >> shift & 63];
    }

    std::string &m_out;
    std::uint32_t m_bits = 0;
    int m_bytes = 0; ///< that wait in m_bits
};

std::optional<std::uint32_t> sixBits(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    if (c == '+' || c == '/')
        return c == '+' ? 62 : 63;
    return std::nullopt;
}

void appendFloat(float value, std::string &out)
{
    if (!std::isfinite(value)) {
        out += "null";
        return;
    }
    char digits[32];
    out.append(digits, std::to_chars(std::begin(digits), std::end(digits), value).ptr);
}

} // namespace

void appendBase64(std::string_view array, std::string &out)
{
    JsonCursor in(array);
    Base64Writer base64(out);
    std::string_view number;
    out += '"';
    in.elements([&] {
        if (!in.skip(number))
            return false;
        const auto bits = std::bit_cast<std::uint32_t>(floatOf(number));
        for (int shift = 0; shift < 32; shift += 8)
            base64.put(bits >> shift & 255);
        return true;
    });
    base64.end();
    out += '"';
}

void appendFloats(std::string_view base64, std::string &out)
{
    std::uint64_t bits = 0; // of a float that is not whole, the first byte lowest
    std::uint32_t waiting = 0;
    int waitingBits = 0, bytes = 0;
    bool first = true;
    out += '[';
    for (const char c : base64) {
        if (c == '\\') // \/ is how some write a slash in JSON
            continue;
        const auto six = sixBits(c);
        if (!six)
            break;
        waiting = waiting << 6 | *six;
        waitingBits += 6;
        if (waitingBits < 8)
            continue;
        waitingBits -= 8;
        bits |= static_cast<std::uint64_t>(waiting >> waitingBits & 255) << 8 * bytes;
        if (++bytes < 4)
            continue;
        if (!first)
            out += ',';
        first = false;
        appendFloat(std::bit_cast<float>(static_cast<std::uint32_t>(bits)), out);
        bits = 0;
        bytes = 0;
    }
    out += ']';
}

} // namespace gateway::wire::embeddings
