// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/fake_gateway.h"
#include "tests/ui/support/fake_repricing.h"
#include "ui/panes/costs/costs_pane.h"
#include "ui/panes/costs/reprice_dialog.h"
#include "ui/panes/costs/reprice_model.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/states.h"
#include "ui/widgets/table_view.h"
#include "ui/widgets/theme.h"

#include <QAbstractItemModelTester>
#include <QAction>
#include <QProgressBar>
#include <QtTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace ui::costs;
using tests::CostCell;
using tests::FakeGateway;
using tests::FakeRepricing;
using ui::widgets::Button;
using ui::widgets::SectionBanner;

namespace {

const gateway::WallTime november = std::chrono::sys_days(std::chrono::November / 1 / 2026) - 1h;

/// The costs of this month, of which three models would cost something else.
struct Scene
{
    Scene() : gateway(FakeGateway::Scene::Full), view(FakeGateway::sceneTime), pane({&gateway, &view, nullptr, nullptr}), repricing(FakeRepricing::of(gateway))
    {
        repricing.setPreview(tests::sceneRepricing());
        view.setRange({0, november, november + 30 * 24h});
        pane.resize(1368, 780);
        pane.show();
        pane.setActive(true);
    }
    RepriceDialog *open()
    {
        pane.findChild<QAction *>(u"costs.repriceAll"_s)->trigger();
        return dialog();
    }
    RepriceDialog *dialog() { return pane.findChild<RepriceDialog *>(); }
    template <typename T>
    T *part(const QString &name) { return dialog()->findChild<T *>(u"costs.reprice."_s + name); }
    QAbstractItemModel *models() { return part<ui::widgets::TableView>(u"models"_s)->model(); }
    QString cell(int row, int column) { return models()->index(row, column).data().toString(); }
    QString last() { return part<ui::widgets::Label>(u"last"_s)->text(); }
    SectionBanner *both() { return pane.findChild<SectionBanner *>(u"costs.repriced"_s); }

    FakeGateway gateway;
    ui::bridge::ViewContext view;
    CostsPane pane;
    FakeRepricing &repricing;
};

void click(QWidget *widget) { QTest::mouseClick(widget, Qt::LeftButton); }

void press(QWidget *widget)
{
    widget->setFocus();
    QTest::keyClick(widget, Qt::Key_Space);
}

} // namespace

class tst_RepriceDialog : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { m_theme = std::make_unique<ui::widgets::Theme>(); }
    void cleanupTestCase() { m_theme.reset(); }

    void whatWouldChangeIsShownByModel()
    {
        Scene scene;
        QVERIFY(scene.open());
        const QAbstractItemModelTester tester(scene.models());
        QVERIFY(!scene.part<Button>(u"start"_s)->isEnabled()); // of what, is not known yet
        QTRY_COMPARE(scene.models()->rowCount(), 4);
        QCOMPARE(scene.cell(0, RepriceModel::ModelColumn), u"openai:gpt-4o"_s);
        QCOMPARE(scene.cell(0, RepriceModel::BeforeColumn), u"$812.04"_s);
        QCOMPARE(scene.cell(0, RepriceModel::AfterColumn), u"$974.45"_s);
        QCOMPARE(scene.cell(1, RepriceModel::FirstColumn), u"2,310"_s);
        QCOMPARE(scene.cell(3, RepriceModel::ModelColumn), u"All"_s);
        QCOMPARE(scene.cell(3, RepriceModel::AfterColumn), u"$1,092.87"_s);
        QCOMPARE(scene.part<SectionBanner>(u"sentence"_s)->headline(), u"56,134 of 73,648 calls change: $1,092.87 instead of $904.15"_s);
        QVERIFY(scene.part<Button>(u"start"_s)->isEnabled());
        QVERIFY(!scene.part<Button>(u"undo"_s)->isEnabled()); // there is nothing to undo
        QVERIFY(scene.repricing.lastQuery().range.from == november && scene.repricing.lastQuery().range.to == november + 30 * 24h);
        QVERIFY(scene.repricing.lastQuery().filter.empty());
    }

    void bothFiguresStandAfterARun()
    {
        Scene scene;
        QVERIFY(scene.open());
        QTRY_VERIFY(scene.part<Button>(u"start"_s)->isEnabled());
        QVERIFY(!scene.both()->isVisible());
        click(scene.part<Button>(u"start"_s));
        QTRY_VERIFY(scene.part<QProgressBar>(u"progress"_s)->isVisible());
        QTRY_VERIFY(scene.part<QProgressBar>(u"progress"_s)->value() > 0);
        QVERIFY(!scene.part<Button>(u"start"_s)->isEnabled());
        QCOMPARE(scene.part<Button>(u"undo"_s)->text(), u"Stop"_s);
        QTRY_VERIFY(scene.both()->isVisible());
        QVERIFY2(scene.both()->headline().startsWith(u"As re-priced $"_s) && scene.both()->headline().contains(u", as logged $"_s), qPrintable(scene.both()->headline()));
        QVERIFY2(scene.last().startsWith(u"The last one, of 17 Nov 2026 14:32: 56,134 calls, $1,092.87 instead of $904.15."_s), qPrintable(scene.last()));
        QTRY_VERIFY(!scene.part<ui::widgets::TableView>(u"models"_s)->isVisible()); // nothing is left to change
        QVERIFY(!scene.part<Button>(u"start"_s)->isEnabled());
        QCOMPARE(scene.part<Button>(u"undo"_s)->text(), u"Undo the last one"_s);
        click(scene.part<Button>(u"undo"_s));
        QTRY_VERIFY(!scene.both()->isVisible());
        QTRY_VERIFY(scene.part<Button>(u"start"_s)->isEnabled());
        QCOMPARE(scene.last(), u"Nothing was priced again yet."_s);
    }

    void callsThatNobodyTookAreNamedSo()
    {
        RepriceModel model;
        gateway::RepricePreview preview;
        preview.rows.push_back({"", "", {.looked = 3, .unknown = 3}});
        model.setPreview(std::move(preview));
        QCOMPARE(model.index(0, RepriceModel::ModelColumn).data().toString(), u"None"_s);
    }

    void aRunIsStoppedWithKeys()
    {
        Scene scene;
        scene.repricing.setSteps(1000);
        QVERIFY(scene.open());
        QTRY_VERIFY(scene.part<Button>(u"start"_s)->isEnabled());
        press(scene.part<Button>(u"start"_s));
        QTRY_COMPARE(scene.part<Button>(u"undo"_s)->text(), u"Stop"_s);
        QTRY_VERIFY(scene.part<Button>(u"undo"_s)->isEnabled());
        press(scene.part<Button>(u"undo"_s));
        QTRY_COMPARE(scene.last(), u"Nothing was priced again yet."_s);
        QVERIFY(!scene.part<QProgressBar>(u"progress"_s)->isVisible());
        QTRY_VERIFY(scene.part<Button>(u"start"_s)->isEnabled());
        QCOMPARE(scene.repricing.started(), 1);
        QVERIFY(!scene.both()->isVisible());
    }

    void onesThatStandStillSayWhy()
    {
        Scene scene;
        scene.repricing.setProblem("The disk is full.");
        QVERIFY(scene.open());
        QTRY_VERIFY(scene.part<Button>(u"start"_s)->isEnabled());
        click(scene.part<Button>(u"start"_s));
        QTRY_VERIFY(scene.last().endsWith(u"The disk is full."_s));
        scene.repricing.setProblem({});
        QTRY_VERIFY(scene.both()->isVisible());
    }

    void failuresAreToldAndTriedAgain()
    {
        Scene scene;
        scene.repricing.setError(gateway::Error {gateway::ErrorCode::Busy, "The log is being copied."});
        QVERIFY(scene.open());
        auto *banner = scene.part<SectionBanner>(u"banner"_s);
        QTRY_VERIFY(banner->isVisible());
        QVERIFY(!scene.part<Button>(u"start"_s)->isEnabled());
        scene.repricing.setError({});
        Q_EMIT banner->retried();
        QTRY_VERIFY(scene.part<Button>(u"start"_s)->isEnabled());
        QVERIFY(!banner->isVisible());
        scene.repricing.setError(gateway::Error {gateway::ErrorCode::Busy, "Calls are being priced again already."});
        click(scene.part<Button>(u"start"_s));
        QTRY_COMPARE(banner->headline(), u"The calls cannot be priced again"_s);
        QVERIFY(scene.part<Button>(u"start"_s)->isEnabled());
    }

    void callsWithoutAPriceAreOffered()
    {
        Scene scene;
        CostCell unknown;
        unknown.like.startedAt = november + 30h;
        unknown.like.team = "search";
        unknown.like.httpStatus = 200;
        unknown.figures = {.calls = 7, .unpriced = 7, .input = 700, .output = 70};
        scene.gateway.setCostCells({unknown});
        scene.view.refresh();
        auto *offer = scene.pane.findChild<Button *>(u"costs.priceUnpriced"_s);
        QTRY_VERIFY(offer && offer->isVisible());
        click(offer);
        QVERIFY(scene.dialog());
        QTRY_COMPARE(QString::fromStdString(scene.repricing.lastQuery().filter.text()), u"NOT cost:>=0"_s);
    }

    void aPreviewEndsWithItsDialog_data()
    {
        QTest::addColumn<int>("how");
        QTest::newRow("Cancel") << 0;
        QTest::newRow("Close") << 1;
        QTest::newRow("Escape") << 2;
        QTest::newRow("its window") << 3;
    }

    void aPreviewEndsWithItsDialog()
    {
        QFETCH(int, how);
        Scene scene;
        scene.repricing.setEndless(true);
        QPointer<RepriceDialog> dialog = scene.open();
        QVERIFY(dialog);
        const auto button = [&](const QString &text) {
            const auto all = dialog->findChildren<QPushButton *>();
            const auto at = std::ranges::find_if(all, [&](const QPushButton *each) { return each->isVisible() && each->text() == text; });
            return at == all.end() ? nullptr : *at;
        };
        QCOMPARE(scene.repricing.cancelled(), 0);
        if (how == 0) {
            QTRY_VERIFY(button(u"Cancel"_s)); // offered once it takes long
            click(button(u"Cancel"_s));
        } else if (how == 1) {
            click(button(u"Close"_s));
        } else if (how == 2) {
            QTest::keyClick(dialog, Qt::Key_Escape);
        } else {
            dialog->close();
        }
        QCOMPARE(scene.repricing.cancelled(), 1);
        QTRY_VERIFY(!dialog);
    }

    void nothingToChangeIsSaid()
    {
        Scene scene;
        scene.repricing.setPreview({});
        QVERIFY(scene.open());
        auto *empty = scene.dialog()->findChild<ui::widgets::EmptyState *>();
        QTRY_VERIFY(empty->isVisible());
        QVERIFY(!scene.part<Button>(u"start"_s)->isEnabled());
    }

private:
    std::unique_ptr<ui::widgets::Theme> m_theme;
};

QTEST_MAIN(tst_RepriceDialog)
#include "tst_reprice_dialog.moc"
