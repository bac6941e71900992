// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/call_tools.h"
#include "gateway/api/embedded_gateway.h"
#include "gateway/core/call_id.h"
#include "ui/bridge/text.h"
#include "ui/panes/calls/call_inspector.h"
#include "ui/panes/calls/call_table.h"
#include "ui/panes/calls/call_tree_view.h"
#include "ui/panes/calls/calls_pane.h"
#include "ui/panes/calls/cause_model.h"
#include "ui/panes/calls/facet_delegate.h"
#include "ui/widgets/button.h"
#include "ui/widgets/table_view.h"
#include "ui/widgets/theme.h"

#include <QTemporaryDir>
#include <QtTest>

using namespace Qt::StringLiterals;
using namespace gateway;
using namespace std::chrono_literals;
using ui::calls::CallsPane;

/// Values, causes and sessions of calls over the real gateway.
class tst_CallsEmbedded : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void aValuesCountIsWhatItsClickFinds();
    void aCausesClickFindsItsCalls();
    void aCallLeadsToItsSession();

private:
    QTreeView *facets() { return m_pane->findChild<QTreeView *>(u"calls.facets"_s); }
    QModelIndex value(const QString &field, const QString &value)
    {
        const QAbstractItemModel *model = facets()->model();
        for (int i = 0; i < model->rowCount(); ++i) {
            const QModelIndex parent = model->index(i, 0);
            for (int row = 0; row < model->rowCount(parent); ++row) {
                const QModelIndex index = model->index(row, 0, parent);
                if (index.data(ui::calls::FacetField).toString() == field && index.data(ui::calls::FacetValueRole).toString() == value)
                    return index;
            }
        }
        return {};
    }
    int rows() { return m_pane->table()->model()->rowCount(); }
    void clear()
    {
        m_view->setFilterText({});
        QTRY_COMPARE(rows(), 300);
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<api::EmbeddedGateway> m_gateway;
    std::unique_ptr<ui::bridge::ViewContext> m_view;
    std::unique_ptr<CallsPane> m_pane;
    ui::widgets::Theme m_theme;
};

void tst_CallsEmbedded::initTestCase()
{
    m_folder = std::make_unique<QTemporaryDir>();
    auto opened = api::EmbeddedGateway::open({.dataFolder = m_folder->path().toStdString(), .listen = "127.0.0.1:0", .workers = 1});
    if (!opened)
        qFatal("%s", opened.error().message.c_str());
    m_gateway = std::move(*opened);
    const WallTime now = std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
    m_view = std::make_unique<ui::bridge::ViewContext>([now] { return now; });
    CallIdMaker ids(11);
    for (int i = 0; i < 300; ++i) {
        CallRecord record {.id = ids.next(now - 10s * i), .startedAt = now - 10s * i, .team = i % 3 == 0 ? "search" : "support", .session = i < 7 ? "s-9" : "", .route = "smart", .httpStatus = 200, .latencyUs = 4000};
        if (i % 10 == 0) {
            record.status = CallStatus::Failed;
            record.error = i % 20 == 0 ? ErrorCode::Overloaded : ErrorCode::Connect;
            record.httpStatus = i % 20 == 0 ? 529 : 502;
            record.errorMessage = "Call " + std::to_string(i) + " failed.";
            record.attempts = {{.provider = "openai", .credential = "main", .model = "m", .error = *record.error}};
        }
        m_gateway->pushRecord(std::move(record));
    }
    QTRY_COMPARE_WITH_TIMEOUT(m_gateway->store().committed, std::uint64_t {300}, 20'000);
    m_pane = std::make_unique<CallsPane>(ui::panes::PaneContext {.gateway = m_gateway.get(), .view = m_view.get()});
    m_pane->resize(1368, 800);
    m_pane->show();
    m_pane->setActive(true);
    QTRY_COMPARE(rows(), 300);
}

void tst_CallsEmbedded::cleanupTestCase()
{
    m_pane.reset();
    m_view.reset();
    m_gateway.reset();
    m_folder.reset();
}

void tst_CallsEmbedded::aValuesCountIsWhatItsClickFinds()
{
    for (const auto &[field, text, calls] : {std::tuple(u"team"_s, u"search"_s, 100), {u"status"_s, u"529"_s, 15}, {u"state"_s, u"ok"_s, 270}, {u"error"_s, u"connect"_s, 15}}) {
        QTRY_COMPARE(value(field, text).data(ui::calls::FacetCount).toString(), QString::number(calls));
        facets()->scrollTo(value(field, text));
        QTest::mouseClick(facets()->viewport(), Qt::LeftButton, {}, facets()->visualRect(value(field, text)).center());
        QTRY_COMPARE(rows(), calls);
        clear();
    }
}

void tst_CallsEmbedded::aCausesClickFindsItsCalls()
{
    m_pane->setShape(CallsPane::Shape::Causes);
    auto *causes = m_pane->findChild<ui::widgets::TableView *>(u"calls.causes"_s);
    QTRY_COMPARE(causes->model()->rowCount(), 2);
    QCOMPARE(causes->model()->index(0, ui::calls::CauseModel::Cause).data().toString(), u"Call # failed."_s);
    QTest::mouseClick(causes->viewport(), Qt::LeftButton, {}, causes->visualRect(causes->model()->index(0, 0)).center());
    QTRY_COMPARE(rows(), 15);
    QVERIFY(m_view->filter().text().starts_with("cause:openai/"));
    clear();
}

void tst_CallsEmbedded::aCallLeadsToItsSession()
{
    Q_EMIT m_pane->table()->inspectWanted(2);
    auto *link = m_pane->findChild<ui::widgets::Button *>(u"calls.sessionLink"_s);
    QTRY_COMPARE(link->text(), u"Session (7 calls)"_s);
    QTest::mouseClick(link, Qt::LeftButton);
    auto *tree = m_pane->findChild<ui::calls::CallTreeView *>();
    QTRY_COMPARE(tree->model()->rowCount(), 7);
    tree->step(-1);
    QCOMPARE(m_pane->inspector()->id(), tree->currentIndex().siblingAtColumn(0).data(ui::calls::CallTreeView::Id).toString());
}

QTEST_MAIN(tst_CallsEmbedded)
#include "tst_calls_embedded.moc"
