// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Sentences in English, German, French and Spanish that hold entities of every detector or things that look like them,
/// made from a seed: the same ones on every machine.
namespace corpus {

/// Numbers that do not depend on the standard library's distributions.
class Random
{
public:
    explicit Random(std::uint64_t seed) : m_engine(seed) {}
    std::size_t below(std::size_t bound) { return static_cast<std::size_t>(m_engine() % bound); }
    bool oneIn(std::size_t times) { return below(times) == 0; }
    template <typename Range>
    const auto &of(const Range &range) { return range[below(std::size(range))]; }
    /// "#" a digit, "N" a digit but 0, "A" a capital letter, "a" a small one, "x" a hexadecimal digit; all else as it is.
    std::string shaped(std::string_view form);
    std::string digits(std::size_t count);
    std::string from(std::string_view alphabet, std::size_t count);

private:
    std::mt19937_64 m_engine;
};

/// A valid value of a detector, in one of the ways in which people write it.
std::string valueOf(std::string_view detector, Random &random);
/// Something that looks like an entity and is none.
std::string hardNegative(Random &random);

struct Entity
{
    std::string_view detector;
    std::size_t from = 0, to = 0;
};

struct Sentence
{
    std::string text;
    std::vector<Entity> entities;
};

/// @param count  sentences; a quarter of them holds hard negatives alone
std::vector<Sentence> sentences(std::uint64_t seed, std::size_t count);

} // namespace corpus
