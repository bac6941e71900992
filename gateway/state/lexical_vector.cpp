// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/state/lexical_vector.h"

#include "gateway/core/stable_hash.h"
#include "gateway/core/text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <string>

namespace gateway::state {

namespace {

constexpr std::size_t longestText = 64 * 1024; // more says nothing more
constexpr std::size_t longestWord = 64;        // bytes; what has no spaces for so long is cut there

constexpr float pairWeight = 0.7F;
constexpr float lettersWeight = 0.25F;
constexpr float numberWeight = 3.0F;
constexpr float negationWeight = 2.5F;

bool isOfWord(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
}

/// Without case. Keeps every byte's place, so that nothing grows.
std::string folded(std::string_view text)
{
    std::string out(text.substr(0, longestText));
    for (std::size_t i = 0; i < out.size(); ++i) {
        out[i] = asciiLower(out[i]);
        if (i == 0)
            continue;
        const auto lead = static_cast<unsigned char>(out[i - 1]), byte = static_cast<unsigned char>(out[i]);
        if (lead == 0xC3 && byte >= 0x80 && byte <= 0x9E && byte != 0x97) {
            out[i] = static_cast<char>(byte + 0x20); // À to Þ
        } else if (lead == 0xD0 && byte >= 0x90 && byte <= 0x9F) {
            out[i] = static_cast<char>(byte + 0x20); // А to П
        } else if (lead == 0xD0 && byte >= 0xA0 && byte <= 0xAF) {
            out[i - 1] = static_cast<char>(0xD1);    // Р to Я
            out[i] = static_cast<char>(byte - 0x20);
        }
    }
    return out;
}

float weightOf(std::string_view word)
{
    static constexpr std::array<std::string_view, 14> negations {"not", "no", "never", "without", "don", "isn", "nicht", "kein", "keine", "ohne", "pas", "sans", "sin", "nunca"};
    if (std::ranges::any_of(word, [](char c) { return c >= '0' && c <= '9'; }))
        return numberWeight;
    if (std::ranges::find(negations, word) != negations.end())
        return negationWeight;
    return static_cast<float>(std::min<std::size_t>(word.size(), 8)) / 4.0F; // short words are in every question
}

class Vector
{
public:
    /// @param kind  tells features of one text apart
    void add(char kind, std::string_view one, std::string_view other, float weight)
    {
        StableHash hash;
        hash.add({&kind, 1}).add(one).add(std::string_view("\0", 1)).add(other);
        std::uint64_t mixed = hash.value(); // FNV's lower bits alone are not even enough
        mixed = (mixed ^ (mixed >> 33)) * 0xff51afd7ed558ccdULL;
        mixed ^= mixed >> 33;
        m_values[(mixed >> 8) % lexicalDimensions] += (mixed & 1) != 0 ? weight : -weight;
    }

    [[nodiscard]] std::vector<float> normalised() &&
    {
        float squares = 0;
        for (const float value : m_values)
            squares += value * value;
        if (squares > 0) {
            for (float &value : m_values)
                value /= std::sqrt(squares);
        }
        return std::move(m_values);
    }

private:
    std::vector<float> m_values = std::vector<float>(lexicalDimensions, 0.0F);
};

/// Every run of three characters, with the word's ends.
void addLetters(Vector &vector, std::string_view word)
{
    std::array<std::size_t, longestWord + 2> starts {};
    std::size_t count = 0;
    for (std::size_t i = 0; i < word.size(); ++i) {
        if ((static_cast<unsigned char>(word[i]) & 0xC0) != 0x80)
            starts[count++] = i;
    }
    starts[count] = word.size();
    if (count == 0)
        return;
    vector.add('<', word.substr(0, starts[std::min<std::size_t>(count, 2)]), {}, lettersWeight);
    vector.add('>', word.substr(starts[count - std::min<std::size_t>(count, 2)]), {}, lettersWeight);
    for (std::size_t i = 0; i + 3 <= count; ++i)
        vector.add('l', word.substr(starts[i], starts[i + 3] - starts[i]), {}, lettersWeight);
}

} // namespace

std::vector<float> lexicalVector(std::string_view text)
{
    const std::string plain = folded(text);
    Vector vector;
    std::string_view before;
    for (std::size_t at = 0; at < plain.size();) {
        if (!isOfWord(plain[at])) {
            ++at;
            continue;
        }
        std::size_t end = at;
        while (end < plain.size() && end - at < longestWord && isOfWord(plain[end]))
            ++end;
        const std::string_view word = std::string_view(plain).substr(at, end - at);
        vector.add('w', word, {}, weightOf(word));
        addLetters(vector, word);
        if (!before.empty())
            vector.add('p', before, word, pairWeight);
        before = word;
        at = end;
    }
    return std::move(vector).normalised();
}

} // namespace gateway::state
