// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/privacy/scanner.h"
#include "tests/gateway/privacy/corpus.h"
#include "tests/gateway/privacy/policies.h"

#include <QTest>

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>
#include <vector>

using namespace gateway::privacy;

namespace {

constexpr std::uint64_t seed = 20'240'601;
constexpr std::size_t sentenceCount = 24'000;

struct Score
{
    std::size_t found = 0, missed = 0, wrong = 0;
    [[nodiscard]] double precision() const { return found + wrong == 0 ? 1 : static_cast<double>(found) / static_cast<double>(found + wrong); }
    [[nodiscard]] double recall() const { return found + missed == 0 ? 1 : static_cast<double>(found) / static_cast<double>(found + missed); }
};

/// Those with a check digit or checksum.
constexpr std::array<std::string_view, 13> checked {"credit_card", "iban", "uk_nhs", "de_tax_id", "fr_nir", "es_dni", "es_nie", "it_codice_fiscale", "in_aadhaar", "br_cpf", "br_cnpj", "crypto_wallet", "private_key"};

bool sameStretch(const Hit &hit, const corpus::Entity &entity)
{
    // An address may take in the town, a URL a mark at its end: nine tenths of both have to be the same.
    const std::size_t shared = std::min(hit.to, entity.to) - std::min(std::min(hit.to, entity.to), std::max(hit.from, entity.from));
    return 10 * shared >= 9 * std::max(hit.to - hit.from, entity.to - entity.from);
}

} // namespace

/// How well the built-in detectors do, all of them at once, on sentences of four languages and things that look like entities.
class tst_DetectorQuality : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void findsWhatItShould();
    void theCorpusIsTheSameEverywhere();
};

void tst_DetectorQuality::findsWhatItShould()
{
    const auto policy = policyWith("{detect: all}");
    QVERIFY(policy);
    Scanner scanner(policy);
    std::map<std::string, Score, std::less<>> scores;
    std::size_t shown = 0;
    const auto show = [&](const char *what, std::string_view name, const corpus::Sentence &sentence) {
        if (qEnvironmentVariableIsSet("SIGNALBOX_SHOW_MISSES") && ++shown < 400)
            std::printf("%s %.*s: %s\n", what, static_cast<int>(name.size()), name.data(), sentence.text.c_str());
    };
    for (const corpus::Sentence &sentence : corpus::sentences(seed, sentenceCount)) {
        const auto hits = scanner.scan(sentence.text);
        std::vector<bool> used(hits.size(), false);
        for (const corpus::Entity &entity : sentence.entities) {
            bool found = false;
            for (std::size_t i = 0; i < hits.size(); ++i) {
                if (!used[i] && policy->rules()[hits[i].rule].name == entity.detector && sameStretch(hits[i], entity)) {
                    used[i] = found = true;
                    break;
                }
            }
            ++(found ? scores[std::string(entity.detector)].found : scores[std::string(entity.detector)].missed);
            if (!found)
                show("missed", entity.detector, sentence);
        }
        for (std::size_t i = 0; i < hits.size(); ++i) {
            if (!used[i]) {
                ++scores[policy->rules()[hits[i].rule].name].wrong;
                show("wrong", policy->rules()[hits[i].rule].name, sentence);
            }
        }
    }
    std::printf("%-20s %8s %8s %9s %8s\n", "detector", "found", "missed", "precision", "recall");
    for (const auto &[name, score] : scores)
        std::printf("%-20s %8zu %8zu %9.4f %8.4f\n", name.c_str(), score.found, score.missed, score.precision(), score.recall());
    QCOMPARE(scores.size(), detectorNames().size());
    for (const auto &[name, score] : scores) {
        const bool strict = std::ranges::find(checked, name) != checked.end();
        QVERIFY2(score.precision() >= (strict ? 0.98 : 0.95), name.c_str());
        QVERIFY2(score.recall() >= (strict ? 0.95 : 0.90), name.c_str());
    }
}

void tst_DetectorQuality::theCorpusIsTheSameEverywhere()
{
    const auto once = corpus::sentences(seed, 200), again = corpus::sentences(seed, 200);
    QVERIFY(std::ranges::equal(once, again, {}, &corpus::Sentence::text, &corpus::Sentence::text));
    QVERIFY(!std::ranges::equal(once, corpus::sentences(seed + 1, 200), {}, &corpus::Sentence::text, &corpus::Sentence::text));
}

QTEST_APPLESS_MAIN(tst_DetectorQuality)
#include "tst_detector_quality.moc"
