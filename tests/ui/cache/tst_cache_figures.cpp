// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/cache_figures.h"
#include "ui/panes/cache/likeness.h"
#include "ui/panes/cache/word_diff.h"

#include <QtTest>

using namespace Qt::StringLiterals;
using namespace ui::cache;
using gateway::CacheSavings;
using gateway::Money;
using gateway::SemanticHit;
using gateway::Verdict;

namespace {

SemanticHit hit(double similarity, Verdict verdict = Verdict::Open, double threshold = 0.9)
{
    SemanticHit made;
    made.similarity = similarity;
    made.threshold = threshold;
    made.verdict = verdict;
    return made;
}

CacheSavings row(const char *team, const char *route, std::uint64_t hits, std::uint64_t semantic, std::uint64_t misses, std::int64_t dollars)
{
    return {.team = team, .route = route, .hits = hits, .semanticHits = semantic, .misses = misses, .saved = Money::fromNanos(dollars * 1'000'000'000), .savedUs = dollars * 1000};
}

const std::vector<SavingsBin> bins {{.at = gateway::WallTime {std::chrono::seconds {60}}, .rows = {row("search", "smart", 3, 1, 6, 2), row("", "smart", 0, 0, 5, 0)}},
                                    {.at = gateway::WallTime {std::chrono::seconds {120}}, .rows = {row("support", "gpt-4o", 9, 0, 1, 7)}}};

QStringList texts(const QString &text, const QList<Stretch> &stretches)
{
    QStringList words;
    for (const Stretch &one : stretches)
        words << text.mid(one.at, one.length);
    return words;
}

} // namespace

class tst_CacheFigures : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void barsAreAtMostSixty()
    {
        for (const std::int64_t range : {900LL, 3600LL, 86'400LL, 7 * 86'400LL, 30 * 86'400LL})
            QVERIFY2(range / bucketSeconds(range) <= 60, qPrintable(QString::number(range)));
        QCOMPARE(bucketSeconds(3600), 60);
    }

    void totalsAddUp()
    {
        const Counts all = totalOf(bins);
        QCOMPARE(all.found(), 13U);
        QCOMPARE(all.looked(), 25U);
        QCOMPARE(all.saved, Money::fromNanos(9'000'000'000));
        QCOMPARE(totalOf(bins, "smart").looked(), 15U);
        QCOMPARE(totalOf(bins, "other").looked(), 0U);
    }

    void groupsComeByWhatTheySaved()
    {
        const auto teams = groupsOf(bins, &CacheSavings::team);
        QCOMPARE(teams.size(), 3U);
        QCOMPARE(teams[0].name, std::string("support"));
        QCOMPARE(teams[1].name, std::string("search"));
        QCOMPARE(teams[2].counts.misses, 5U); // calls without a team are there too
        const auto routes = groupsOf(bins, &CacheSavings::route);
        QCOMPARE(routes[1].counts.looked(), 15U);
    }

    void chartHasThreeSeriesInFixedOrder()
    {
        const auto data = chartOf(bins, 60);
        QCOMPARE(data.startMs, 60'000);
        QCOMPARE(data.bins, 2);
        QCOMPARE(data.series.size(), 3);
        QCOMPARE(data.series[0].values, (QList<double> {3, 9}));
        QCOMPARE(data.series[1].values, (QList<double> {1, 0}));
        QCOMPARE(data.series[2].values, (QList<double> {11, 1}));
        QCOMPARE(data.series[2].total, u"12"_s);
    }

    void thresholdsLieOnHundredths()
    {
        QCOMPARE(onGrid(0.9249), 0.92);
        QCOMPARE(onGrid(0.2), 0.5);
        QCOMPARE(onGrid(1.7), 1.0);
        QCOMPARE(thresholdText(0.92), u"0.92"_s);
        QCOMPARE(thresholdText(0.925), u"0.925"_s);
        QCOMPARE(thresholdText(1), u"1.00"_s);
    }

    void likenessCountsEveryHitOnce()
    {
        const Likeness likeness = likenessOf({hit(1), hit(0.9), hit(0.95, Verdict::Wrong), hit(0.9501, Verdict::Right)});
        std::uint64_t sum = 0;
        for (const LikenessBin &bin : likeness.bins) {
            sum += bin.hits;
            if (bin.hits > 0)
                QVERIFY2(std::abs(bin.from - 0.9) < 1e-6 || std::abs(bin.from - 0.95) < 1e-6 || std::abs(bin.from - 0.995) < 1e-6, qPrintable(QString::number(bin.from)));
        }
        QCOMPARE(sum, 4U);
        QCOMPARE(likeness.hits, 4U);
        QCOMPARE(likeness.measuredFrom, 0.9);
    }

    void hitsOfAHigherThresholdAreNoMeasure()
    {
        const Likeness likeness = likenessOf({hit(0.91), hit(0.99), hit(0.98, Verdict::Open, 0.95), hit(0.91)});
        QCOMPARE(likeness.hits, 2U);
    }

    void previewOfAHigherThresholdLosesSemanticHitsAlone()
    {
        const Likeness likeness = likenessOf({hit(0.91), hit(0.93), hit(0.96), hit(0.98)});
        const Counts counts {.hits = 10, .semantic = 8, .misses = 22};
        const std::vector<gateway::ThresholdRate> rates {{.threshold = 0.9, .judged = 10, .wrong = 4}, {.threshold = 0.95, .judged = 5, .wrong = 1}};
        const Preview now = previewOf(likeness, rates, counts, 0.9);
        QCOMPARE(*now.hitShare, 18.0 / 40);
        QCOMPARE(*now.wrongShare(), 0.4);
        const Preview higher = previewOf(likeness, rates, counts, 0.95);
        QCOMPARE(*higher.hitShare, 14.0 / 40);
        QCOMPARE(*higher.wrongShare(), 0.2);
        QVERIFY(higher.measured);
        QVERIFY(!previewOf(likeness, rates, counts, 0.85).measured);
        QVERIFY(!previewOf({}, {}, {}, 0.9).hitShare);
        QVERIFY(!previewOf({}, {}, {}, 0.9).wrongShare());
    }

    void wordsThatDifferAreFound()
    {
        const QString one = u"Which plan includes SSO for 50 people?"_s, other = u"which plan includes SSO for 5 people? Thanks"_s;
        const auto [first, second] = differingWords(one, other);
        QCOMPARE(texts(one, first), QStringList {u"50"_s});
        QCOMPARE(texts(other, second), (QStringList {u"5"_s, u"Thanks"_s}));
        QVERIFY(differingWords(one, one).first.isEmpty());
        QCOMPARE(differingWords({}, other).second.size(), 8);
    }

    void wordsOfALongTextEnd()
    {
        const QString text = u"word "_s.repeated(100'000), other = u"other "_s.repeated(100'000);
        QVERIFY(differingWords(text, other).first.size() <= 400);
    }
};

QTEST_APPLESS_MAIN(tst_CacheFigures)
#include "tst_cache_figures.moc"
