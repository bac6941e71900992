// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/config_merge.h"

#include <QTest>

#include <algorithm>

using namespace gateway::config;
using ui::bridge::rebased;

namespace {

Config base()
{
    Config config;
    config.privacyPolicies = {{.id = "pol_1", .name = "default"}, {.id = "pol_2", .name = "strict"}};
    Prompt prompt;
    prompt.id = "prm_1";
    prompt.name = "summarise";
    prompt.versions.resize(1);
    config.prompts = {prompt};
    return config;
}

} // namespace

/// Carrying a draft over to what somebody else has saved meanwhile.
class tst_ConfigMerge : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void untouchedEntriesAreTheirs()
    {
        Config draft = base(), theirs = base();
        draft.privacyPolicies[0].answers = false;
        theirs.privacyPolicies[1].answers = false;
        const Config result = rebased(draft, base(), theirs);
        QCOMPARE(result.privacyPolicies[0].answers, std::optional(false));
        QCOMPARE(result.privacyPolicies[1].answers, std::optional(false));
    }

    void entryThatBothChangedIsTheDrafts()
    {
        Config draft = base(), theirs = base();
        draft.privacyPolicies[0].extends = "strict";
        theirs.privacyPolicies[0].answers = false;
        const Config result = rebased(draft, base(), theirs);
        QCOMPARE(result.privacyPolicies[0].extends, std::string("strict"));
        QVERIFY(!result.privacyPolicies[0].answers);
    }

    void promptThatBothChangedKeepsBoth()
    {
        Config draft = base(), theirs = base();
        draft.prompts[0].testSets = {{.name = "smoke", .cases = {}}};
        theirs.prompts[0].versions.resize(2);
        theirs.prompts[0].versions[1].version = 2;
        theirs.prompts[0].folder = "mail";
        const Config result = rebased(draft, base(), theirs);
        QCOMPARE(result.prompts[0].versions.size(), std::size_t(2));
        QCOMPARE(result.prompts[0].folder, std::string("mail"));
        QCOMPARE(result.prompts[0].testSets.size(), std::size_t(1));
    }

    void partThatBothChangedIsTheDrafts()
    {
        Config draft = base(), theirs = base();
        draft.prompts[0].folder = "mine";
        theirs.prompts[0].folder = "theirs";
        QCOMPARE(rebased(draft, base(), theirs).prompts[0].folder, std::string("mine"));
    }

    void whatOneTookOutStaysOutOrIsKept()
    {
        Config draft = base(), theirs = base();
        draft.privacyPolicies.erase(draft.privacyPolicies.begin());
        draft.prompts[0].folder = "mine";
        theirs.prompts.clear();
        const Config result = rebased(draft, base(), theirs);
        QCOMPARE(result.privacyPolicies.size(), std::size_t(1));
        QCOMPARE(result.prompts.size(), std::size_t(1)); // an edit is not lost in silence
    }
};

QTEST_GUILESS_MAIN(tst_ConfigMerge)
#include "tst_config_merge.moc"
