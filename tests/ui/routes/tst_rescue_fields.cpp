// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/routes/rescue_fields.h"
#include "ui/widgets/form_field.h"

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QSpinBox>
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
        config.providers.resize(2);
        config.providers[0].name = "openai";
        config.providers[1].name = "claude";
        fields.show(config, route, true);
        fields.show();
    }
    template <typename T>
    T *part(const char *name) { return fields.findChild<T *>(QString::fromLatin1(name)); }
    void choose(const char *name, const QString &text)
    {
        auto *box = part<QComboBox>(name);
        const int index = box->findText(text);
        QVERIFY2(index >= 0, qPrintable(text));
        box->setCurrentIndex(index);
        Q_EMIT box->activated(index);
    }
    void type(const char *name, const QString &text)
    {
        auto *line = part<QLineEdit>(name);
        line->setFocus();
        line->selectAll();
        if (text.isEmpty())
            QTest::keyClick(line, Qt::Key_Delete);
        QTest::keyClicks(line, text);
    }

    Config config;
    Route route;
    QStringList intents;
    ui::routes::RescueFields fields {[this](const QString &what, const std::function<void(Route &)> &edit, const QString &) {
        intents << what;
        edit(route);
        fields.show(config, route, true);
    }};
};

} // namespace

/// What a route does beside asking one target after another, as the window edits it.
class tst_RescueFields : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void cutStreamsAreGoneOnWith()
    {
        Form form;
        form.choose("routes.inspector.rescue", u"is gone on with"_s);
        QCOMPARE(form.route.rescue, Rescue::Continue);
        form.choose("routes.inspector.rescue", u"ends with an error"_s);
        QCOMPARE(form.route.rescue, Rescue::Error);
        QCOMPARE(form.route, Route());
    }

    void anEmptyHedgeIsNone()
    {
        Form form;
        QCOMPARE(form.part<QLineEdit>("routes.inspector.hedge")->placeholderText(), u"off"_s);
        form.type("routes.inspector.hedge", u"1500 ms"_s);
        QVERIFY(form.route.hedge.has_value());
        QCOMPARE(form.route.hedge->after, Millis(1500));
        form.type("routes.inspector.hedge", {});
        QVERIFY(!form.route.hedge.has_value());
    }

    void theQueuesTimeIsOfAQueue()
    {
        Form form;
        auto *timeout = form.part<ui::widgets::DurationField>("routes.inspector.queueTimeout");
        QVERIFY(timeout->isReadOnly());
        QCOMPARE(form.part<QSpinBox>("routes.inspector.queue")->text(), u"no call waits"_s);
        form.part<QSpinBox>("routes.inspector.queue")->setValue(50);
        QCOMPARE(form.route.queue.max, 50);
        QVERIFY(!timeout->isReadOnly());
        form.type("routes.inspector.queueTimeout", u"3 s"_s);
        QCOMPARE(form.route.queue.timeout, Millis(3s));
        form.type("routes.inspector.queueTimeout", {});
        QCOMPARE(form.route.queue.timeout, Queue().timeout);
    }

    void aShadowHasAModelAndAShare()
    {
        Form form;
        QVERIFY(form.part<QLineEdit>("routes.inspector.shadowModel")->isReadOnly());
        QVERIFY(!form.part<QDoubleSpinBox>("routes.inspector.shadowSample")->isEnabled());
        form.choose("routes.inspector.shadow", u"claude"_s);
        form.type("routes.inspector.shadowModel", u"claude-sonnet-4"_s);
        form.part<QDoubleSpinBox>("routes.inspector.shadowSample")->setValue(12.5);
        QCOMPARE(form.route.shadow, (std::optional(Shadow {.provider = "claude", .model = "claude-sonnet-4", .sample = 0.125})));
        form.choose("routes.inspector.shadow", u"openai"_s);
        QCOMPARE(form.route.shadow->model, std::string("claude-sonnet-4"));
        form.choose("routes.inspector.shadow", u"none"_s);
        QVERIFY(!form.route.shadow);
    }

    void whatIsNotThereIsShown()
    {
        Form form;
        form.route.shadow = Shadow {.provider = "gone", .model = "m"};
        form.fields.show(form.config, form.route, true);
        QCOMPARE(form.part<QComboBox>("routes.inspector.shadow")->currentText(), u"gone (not there)"_s);
        QVERIFY(form.intents.isEmpty()); // showing changes nothing
    }

    void lockedEntriesAreOnlyShown()
    {
        Form form;
        form.route.queue.max = 7;
        form.route.shadow = Shadow {.provider = "openai", .model = "m"};
        form.fields.show(form.config, form.route, false);
        for (const char *name : {"routes.inspector.rescue", "routes.inspector.queue", "routes.inspector.shadow", "routes.inspector.shadowSample"})
            QVERIFY2(!form.part<QWidget>(name)->isEnabled(), name);
        for (const char *name : {"routes.inspector.hedge", "routes.inspector.queueTimeout", "routes.inspector.shadowModel"})
            QVERIFY2(form.part<QLineEdit>(name)->isReadOnly(), name);
        QVERIFY(form.intents.isEmpty());
    }
};

QTEST_MAIN(tst_RescueFields)
#include "tst_rescue_fields.moc"
