// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/state/lexical_vector.h"
#include "gateway/state/semantic_index.h"
#include "gateway/state/vector_scope.h"

#include <QTest>

#include <cmath>
#include <future>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

using namespace gateway;
using namespace gateway::state;

#if defined(__SANITIZE_THREAD__)
/// hnswlib locks the elements of its graph in the order in which it walks it. An index has one thread that adds and searches:
/// nobody can wait for it there, but ThreadSanitizer tells of every order that it sees both ways round.
extern "C" const char *__tsan_default_options() // NOLINT: its name is ThreadSanitizer's
{
    return "detect_deadlocks=0";
}
#endif

namespace {

AnswerKey keyOf(std::uint64_t number)
{
    static const KeyHasher hasher(KeyHasher::Key {});
    return hasher.hash(std::to_string(number));
}

double likeness(const std::string &one, const std::string &other)
{
    const std::vector<float> a = lexicalVector(one), b = lexicalVector(other);
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        sum += static_cast<double>(a[i]) * b[i];
    return sum;
}

std::vector<float> randomVector(std::mt19937 &chance, std::size_t dimensions)
{
    std::normal_distribution<float> normal;
    std::vector<float> vector(dimensions);
    float squares = 0;
    for (float &value : vector) {
        value = normal(chance);
        squares += value * value;
    }
    for (float &value : vector)
        value /= std::sqrt(squares);
    return vector;
}

void settle(SemanticIndex &index)
{
    std::promise<void> done;
    index.settled([&] { done.set_value(); });
    done.get_future().wait();
}

std::optional<SemanticIndex::Match> find(SemanticIndex &index, const AnswerKey &scope, std::vector<float> vector, double least)
{
    std::promise<std::optional<SemanticIndex::Match>> found;
    index.find(scope, std::move(vector), least, [&](std::optional<SemanticIndex::Match> match) { found.set_value(match); });
    return found.get_future().get();
}

} // namespace

class tst_SemanticIndex : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void likeTextsLieNear();
    void whatChangesAnAnswerWeighs();
    void caseAndMarksDoNotCount();
    void textsWithoutWordsAreNothing();
    void oddBytesAreTaken();

    void fewVectorsAreComparedOneByOne();
    void manyVectorsAreAGraphThatFindsThem();
    void aGraphIsBuiltAnewWhenAFifthIsDeleted();
    void fewLeftAreNoGraph();
    void changesWhileBuildingAreNotLost();

    void findsWithinItsScopeAlone();
    void whoAsksAfterwardsFindsIt();
    void theThresholdHolds();
    void whatIsRemovedIsNotFound();
    void aNewQuestionTakesTheOldOnesPlace();
    void theOldestGo();
    void wrongVectorsAreRefused();
    void whoWaitsAtTheEndIsTold();
    void tooManyAreTurnedAway();
};

void tst_SemanticIndex::likeTextsLieNear()
{
    const double same = likeness("How tall is the Eiffel Tower?", "How tall is the Eiffel Tower?");
    const double near = likeness("How tall is the Eiffel Tower?", "how tall is the eiffel tower please");
    const double far = likeness("How tall is the Eiffel Tower?", "Write a poem about autumn leaves.");
    QVERIFY(std::abs(same - 1) < 1e-5);
    QVERIFY2(near > 0.8, std::to_string(near).c_str());
    QVERIFY2(far < 0.3, std::to_string(far).c_str());
}

void tst_SemanticIndex::whatChangesAnAnswerWeighs()
{
    const double number = likeness("What is 17 percent of 250 euros in total?", "What is 18 percent of 250 euros in total?");
    const double word = likeness("What is 17 percent of 250 euros in total?", "What is 17 percent of 250 euros in sum?");
    const double negation = likeness("Which of these mushrooms are edible?", "Which of these mushrooms are not edible?");
    QVERIFY2(number < word, (std::to_string(number) + " " + std::to_string(word)).c_str());
    QVERIFY2(number < 0.85, std::to_string(number).c_str());
    QVERIFY2(negation < 0.9, std::to_string(negation).c_str());
}

void tst_SemanticIndex::caseAndMarksDoNotCount()
{
    QVERIFY(lexicalVector("ÜBER den Straßen, ПРИВЕТ!") == lexicalVector("über DEN straßen... привет"));
    QVERIFY(lexicalVector("ab c") != lexicalVector("a bc"));
    QVERIFY(lexicalVector("dog bites man") != lexicalVector("man bites dog"));
}

void tst_SemanticIndex::textsWithoutWordsAreNothing()
{
    for (const char *text : {"", " \n", "?!... --"}) {
        const std::vector<float> vector = lexicalVector(text);
        QCOMPARE(vector.size(), lexicalDimensions);
        QVERIFY(std::ranges::all_of(vector, [](float value) { return value == 0; }));
    }
}

void tst_SemanticIndex::oddBytesAreTaken()
{
    std::mt19937 chance(1);
    for (int i = 0; i < 2000; ++i) {
        std::string text;
        for (std::uint32_t size = chance() % 300; size > 0; --size)
            text += static_cast<char>(chance() % 4 == 0 ? 'a' : chance());
        QCOMPARE(lexicalVector(text).size(), lexicalDimensions);
    }
    QCOMPARE(lexicalVector(std::string(1'000'000, '\x80')).size(), lexicalDimensions);
}

void tst_SemanticIndex::fewVectorsAreComparedOneByOne()
{
    std::mt19937 chance(2);
    VectorScope scope(48, 1000);
    std::map<std::uint64_t, std::vector<float>> all;
    for (std::uint64_t label = 1; label <= 300; ++label) {
        all[label] = randomVector(chance, 48);
        QVERIFY(scope.add(label, all[label]));
    }
    for (std::uint64_t label = 1; label <= 300; label += 3) {
        scope.remove(label);
        all.erase(label);
    }
    scope.remove(4711); // never was there
    QVERIFY(!scope.isGraph());
    QCOMPARE(scope.size(), all.size());
    for (const auto &[label, vector] : all) {
        const auto nearest = scope.nearest(vector);
        QCOMPARE(nearest->label, label);
        QVERIFY(std::abs(nearest->similarity - 1) < 1e-4);
    }
}

namespace {

/// How many of the vectors are found by themselves.
std::size_t foundIn(const VectorScope &scope, const std::map<std::uint64_t, std::vector<float>> &all)
{
    std::size_t found = 0;
    for (const auto &[label, vector] : all) {
        const auto nearest = scope.nearest(vector);
        found += nearest && nearest->label == label ? 1 : 0;
    }
    return found;
}

void finishBuilding(VectorScope &scope)
{
    while (scope.isBuilding())
        scope.build(16);
}

} // namespace

void tst_SemanticIndex::manyVectorsAreAGraphThatFindsThem()
{
    std::mt19937 chance(3);
    VectorScope scope(32, 500);
    std::map<std::uint64_t, std::vector<float>> all;
    for (std::uint64_t label = 1; label <= 1500; ++label) {
        all[label] = randomVector(chance, 32);
        QVERIFY(scope.add(label, all[label]));
        scope.build(2);
    }
    finishBuilding(scope);
    QVERIFY(scope.isGraph());
    QCOMPARE(scope.size(), std::size_t {1500});
    QVERIFY2(foundIn(scope, all) >= 1485, std::to_string(foundIn(scope, all)).c_str());
}

void tst_SemanticIndex::aGraphIsBuiltAnewWhenAFifthIsDeleted()
{
    std::mt19937 chance(4);
    VectorScope scope(32, 200);
    std::map<std::uint64_t, std::vector<float>> all;
    for (std::uint64_t label = 1; label <= 1000; ++label) {
        all[label] = randomVector(chance, 32);
        scope.add(label, all[label]);
    }
    finishBuilding(scope);
    for (std::uint64_t label = 1; label <= 200; ++label) {
        scope.remove(label);
        all.erase(label);
    }
    QVERIFY(!scope.isBuilding()); // a fifth, and not more
    scope.remove(201);
    all.erase(201);
    QVERIFY(scope.isBuilding());
    QVERIFY(foundIn(scope, all) >= all.size() * 99 / 100); // the old one answers on
    finishBuilding(scope);
    QCOMPARE(scope.size(), all.size());
    QVERIFY(foundIn(scope, all) >= all.size() * 99 / 100);
}

void tst_SemanticIndex::fewLeftAreNoGraph()
{
    std::mt19937 chance(5);
    VectorScope scope(16, 100);
    std::map<std::uint64_t, std::vector<float>> all;
    for (std::uint64_t label = 1; label <= 200; ++label) {
        all[label] = randomVector(chance, 16);
        scope.add(label, all[label]);
    }
    finishBuilding(scope);
    QVERIFY(scope.isGraph());
    for (std::uint64_t label = 1; label <= 190; ++label) {
        scope.remove(label);
        all.erase(label);
        finishBuilding(scope);
    }
    QVERIFY(!scope.isGraph());
    QCOMPARE(foundIn(scope, all), std::size_t {10});
    for (std::uint64_t label = 191; label <= 200; ++label)
        scope.remove(label);
    QCOMPARE(scope.size(), std::size_t {0});
    QVERIFY(!scope.nearest(randomVector(chance, 16)));
}

void tst_SemanticIndex::changesWhileBuildingAreNotLost()
{
    std::mt19937 chance(6);
    VectorScope scope(32, 300);
    std::map<std::uint64_t, std::vector<float>> all;
    std::uint64_t label = 0;
    for (int i = 0; i < 1500; ++i) {
        if (all.size() > 50 && chance() % 3 == 0) {
            const auto gone = std::next(all.begin(), static_cast<std::ptrdiff_t>(chance() % all.size()));
            scope.remove(gone->first);
            all.erase(gone);
        } else {
            const std::vector<float> vector = randomVector(chance, 32);
            all[++label] = vector;
            scope.add(label, vector);
        }
        scope.build(chance() % 4);
    }
    finishBuilding(scope);
    QCOMPARE(scope.size(), all.size());
    QVERIFY(foundIn(scope, all) >= all.size() * 98 / 100);
}

void tst_SemanticIndex::findsWithinItsScopeAlone()
{
    std::mt19937 chance(7);
    SemanticIndex index(32, {.graphFrom = 100});
    std::vector<std::vector<float>> vectors;
    for (std::uint64_t i = 0; i < 600; ++i) {
        vectors.push_back(randomVector(chance, 32));
        index.add(keyOf(i % 3 == 0 ? 1 : 2), vectors.back(), keyOf(1000 + i));
    }
    settle(index);
    QCOMPARE(index.state().scopes, std::size_t {2});
    QCOMPARE(index.state().graphsBuilt, std::uint64_t {2});
    for (std::uint64_t i = 0; i < 600; ++i) {
        const auto match = find(index, keyOf(1), vectors[i], 0.999);
        QCOMPARE(match.has_value(), i % 3 == 0);
        if (match)
            QVERIFY(match->answer == keyOf(1000 + i));
    }
    QVERIFY(!find(index, keyOf(3), vectors[0], 0));
}

/// Whoever else has the processor.
void tst_SemanticIndex::whoAsksAfterwardsFindsIt()
{
    std::mt19937 chance(11);
    SemanticIndex index(32, {.graphFrom = 100});
    for (std::uint64_t i = 0; i < 2'000; ++i) {
        const std::vector<float> vector = randomVector(chance, 32);
        index.add(keyOf(i % 3), vector, keyOf(10'000 + i));
        const auto match = find(index, keyOf(i % 3), vector, 0.999);
        QVERIFY2(match && match->answer == keyOf(10'000 + i), std::to_string(i).c_str());
        if (i % 5 == 0) {
            index.remove(keyOf(10'000 + i));
            QVERIFY(!find(index, keyOf(i % 3), vector, 0.999));
        }
    }
}

void tst_SemanticIndex::theThresholdHolds()
{
    SemanticIndex index(2);
    index.add(keyOf(1), {2, 0}, keyOf(10)); // of any length
    settle(index);
    QVERIFY(find(index, keyOf(1), {30, 0}, 0.999));
    const auto match = find(index, keyOf(1), {1, 1}, 0.70);
    QVERIFY(match && std::abs(match->similarity - std::sqrt(0.5)) < 1e-5);
    QVERIFY(!find(index, keyOf(1), {1, 1}, 0.72));
}

void tst_SemanticIndex::whatIsRemovedIsNotFound()
{
    SemanticIndex index(2);
    index.add(keyOf(1), {1, 0}, keyOf(10));
    index.remove(keyOf(10));
    index.remove(keyOf(11));
    settle(index);
    QVERIFY(!find(index, keyOf(1), {1, 0}, 0));
    QCOMPARE(index.state().entries, std::size_t {0});
    QCOMPARE(index.state().scopes, std::size_t {0});
}

void tst_SemanticIndex::aNewQuestionTakesTheOldOnesPlace()
{
    SemanticIndex index(2);
    index.add(keyOf(1), {1, 0}, keyOf(10));
    index.add(keyOf(1), {0, 1}, keyOf(10));
    settle(index);
    QCOMPARE(index.state().entries, std::size_t {1});
    QVERIFY(!find(index, keyOf(1), {1, 0}, 0.5));
    QVERIFY(find(index, keyOf(1), {0, 1}, 0.5));
}

void tst_SemanticIndex::theOldestGo()
{
    std::mt19937 chance(8);
    SemanticIndex index(16, {.entries = 50, .graphFrom = 20});
    std::vector<std::vector<float>> vectors;
    for (std::uint64_t i = 0; i < 200; ++i) {
        vectors.push_back(randomVector(chance, 16));
        index.add(keyOf(1), vectors.back(), keyOf(1000 + i));
    }
    settle(index);
    QCOMPARE(index.state().entries, std::size_t {50});
    for (std::uint64_t i = 0; i < 200; ++i)
        QCOMPARE(find(index, keyOf(1), vectors[i], 0.9999).has_value(), i >= 150);
}

void tst_SemanticIndex::wrongVectorsAreRefused()
{
    SemanticIndex index(2);
    index.add(keyOf(1), {1, 0, 0}, keyOf(10));
    index.add(keyOf(1), {0, 0}, keyOf(11));
    index.add(keyOf(1), {NAN, 1}, keyOf(12));
    settle(index);
    QCOMPARE(index.state().entries, std::size_t {0});
    index.add(keyOf(1), {1, 0}, keyOf(13));
    settle(index);
    QVERIFY(!find(index, keyOf(1), {1}, 0));
    QVERIFY(!find(index, keyOf(1), {0, 0}, 0));
    QVERIFY(!find(index, keyOf(1), {INFINITY, 0}, 0));
}

void tst_SemanticIndex::whoWaitsAtTheEndIsTold()
{
    int told = 0;
    {
        SemanticIndex index(2);
        for (int i = 0; i < 100; ++i)
            index.find(keyOf(1), {1, 0}, 0, [&](const auto &) { ++told; }); // on its thread, and then on this one when it has ended
    }
    QCOMPARE(told, 100);
}

void tst_SemanticIndex::tooManyAreTurnedAway()
{
    SemanticIndex index(2, {.finds = 1, .changes = 1});
    std::promise<void> entered, go;
    index.settled([&] {
        entered.set_value();
        go.get_future().wait();
    });
    entered.get_future().wait();
    int nothing = 0;
    index.add(keyOf(1), {1, 0}, keyOf(10));
    index.add(keyOf(1), {1, 0}, keyOf(11));
    std::promise<void> found;
    index.find(keyOf(1), {1, 0}, 0, [&](const auto &) { found.set_value(); });
    index.find(keyOf(1), {1, 0}, 0, [&](const auto &match) { nothing += match ? 0 : 1; });
    QCOMPARE(nothing, 1);
    go.set_value();
    found.get_future().wait();
    settle(index);
    QCOMPARE(index.state().findsTurnedAway, std::uint64_t {1});
    QCOMPARE(index.state().changesTurnedAway, std::uint64_t {1});
    QCOMPARE(index.state().entries, std::size_t {1});
}

QTEST_APPLESS_MAIN(tst_SemanticIndex)
#include "tst_semantic_index.moc"
