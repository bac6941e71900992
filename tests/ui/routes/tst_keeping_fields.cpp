// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/routes/keeping_fields.h"
#include "ui/widgets/button.h"
#include "ui/widgets/form_field.h"

#include <QComboBox>
#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace gateway::config;
using namespace std::chrono_literals;

namespace {

/// The fields over a route that they change, shown anew after each change as in the window.
struct Form
{
    Form()
    {
        config.privacyPolicies = {{.name = "default"}, {.name = "strict"}};
        fields.show(config, route, true);
        fields.show();
    }
    QComboBox *box(const char *name) { return fields.findChild<QComboBox *>(QString::fromLatin1(name)); }
    QLineEdit *ttl() { return fields.findChild<QLineEdit *>(u"routes.inspector.cacheTtl"_s); }
    void choose(const char *name, const QString &text)
    {
        const int index = box(name)->findText(text);
        QVERIFY2(index >= 0, qPrintable(text));
        box(name)->setCurrentIndex(index);
        Q_EMIT box(name)->activated(index);
    }

    Config config;
    Route route;
    QStringList intents;
    ui::routes::KeepingFields fields {[this](const QString &what, const std::function<void(Route &)> &edit, const QString &) {
        intents << what;
        edit(route);
        fields.show(config, route, true);
    }};
};

} // namespace

/// Privacy policy and cache of a route, as the window edits them.
class tst_KeepingFields : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void policyIsChosen()
    {
        Form form;
        form.choose("routes.inspector.privacy", u"strict"_s);
        QCOMPARE(form.route.privacy, std::string("strict"));
        form.choose("routes.inspector.privacy", u"the usual one"_s);
        QCOMPARE(form.route, Route());
    }

    void policyThatIsGoneIsShown()
    {
        Form form;
        form.route.privacy = "gone";
        form.fields.show(form.config, form.route, true);
        QCOMPARE(form.box("routes.inspector.privacy")->currentText(), u"gone"_s);
        QVERIFY(form.intents.isEmpty()); // showing changes nothing
    }

    void cacheIsSwitchedOnAndOff()
    {
        Form form;
        QVERIFY(!form.ttl()->isEnabled());
        form.choose("routes.inspector.cache", u"Off"_s);
        QVERIFY(!form.route.cache);
        form.choose("routes.inspector.cache", u"Exact and semantic"_s);
        QVERIFY(form.route.cache && form.route.cache->mode == CacheMode::Semantic);
        form.route.cache->nameSpace = "mine";
        form.choose("routes.inspector.cache", u"Off"_s);
        QCOMPARE(form.route.cache->mode, CacheMode::Off);
        QCOMPARE(form.route.cache->nameSpace, std::string("mine")); // the rest comes back with it
    }

    void timeIsTyped()
    {
        Form form;
        auto &window = static_cast<QWidget &>(form.fields); // what is typed into has the focus
        window.show();
        window.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        form.choose("routes.inspector.cache", u"Exact"_s);
        QCOMPARE(form.ttl()->placeholderText(), u"10 min"_s);
        form.ttl()->setFocus();
        QTest::keyClicks(form.ttl(), u"2 h"_s);
        QCOMPARE(form.route.cache->ttl, Millis(2h));
        form.ttl()->selectAll();
        QTest::keyClick(form.ttl(), Qt::Key_Delete);
        QCOMPARE(form.route.cache->ttl, RouteCache {}.ttl);
    }

    void marksAreChosen()
    {
        Form form;
        QCOMPARE(form.box("routes.inspector.cacheMarks")->currentText(), u"As callers mark it"_s);
        form.choose("routes.inspector.cacheMarks", u"Marked, kept 1 hour"_s);
        QVERIFY(form.route.promptCache == (PromptCache {.marks = CacheMarks::Auto, .life = PromptLife::OneHour}));
        QCOMPARE(form.box("routes.inspector.cacheMarks")->currentText(), u"Marked, kept 1 hour"_s);
        form.choose("routes.inspector.cacheMarks", u"Marked, kept 5 minutes"_s);
        QVERIFY(form.route.promptCache == (PromptCache {.marks = CacheMarks::Auto}));
        form.choose("routes.inspector.cacheMarks", u"As callers mark it"_s);
        QCOMPARE(form.route, Route());
        QCOMPARE(form.intents, (QStringList {u"prompt cache of a route"_s, u"prompt cache of a route"_s, u"prompt cache of a route"_s}));
    }

    void lockedEntriesAreOnlyShown()
    {
        Form form;
        form.route.cache.emplace();
        form.fields.show(form.config, form.route, false);
        QVERIFY(!form.box("routes.inspector.privacy")->isEnabled() && !form.box("routes.inspector.cache")->isEnabled());
        QVERIFY(form.ttl()->isReadOnly() && !form.box("routes.inspector.cacheMarks")->isEnabled());
        QVERIFY(form.intents.isEmpty());
    }

    void restOfItIsElsewhere()
    {
        Form form;
        QSignalSpy wanted(&form.fields, &ui::routes::KeepingFields::cacheWanted);
        form.fields.findChild<QAbstractButton *>(u"routes.inspector.openCache"_s)->click();
        QCOMPARE(wanted.count(), 1);
    }
};

QTEST_MAIN(tst_KeepingFields)
#include "tst_keeping_fields.moc"
