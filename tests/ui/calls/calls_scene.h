// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/ui/support/fake_gateway.h"
#include "ui/panes/calls/call_table.h"
#include "ui/panes/calls/calls_pane.h"
#include "ui/widgets/labels.h"

#include <QtTest>

namespace tests::calls {

using namespace Qt::StringLiterals;
using namespace ui::calls;
using gateway::CallRecord;

/// The pane over a made-up gateway, shown, its first answers there.
struct Scene
{
    explicit Scene(FakeGateway::Scene scene = FakeGateway::Scene::Full, std::deque<CallRecord> log = {}) : gateway(scene), view(FakeGateway::sceneTime), pane({&gateway, &view})
    {
        if (!log.empty())
            gateway.setLog(std::move(log));
        pane.resize(1368, 780);
        pane.show();
        pane.setActive(true);
    }
    CallTable *table() { return pane.table(); }
    CallListModel *model() { return static_cast<CallListModel *>(pane.table()->model()); }
    template <typename T>
    T *part(const QString &name) { return pane.findChild<T *>(u"calls."_s + name); }
    QString counts() { return part<ui::widgets::Label>(u"counts"_s)->accessibleName(); }
    QString cell(int row, Column column) { return model()->index(row, int(column)).data().toString(); }

    void filter(const QString &text)
    {
        QVERIFY(view.setFilterText(text));
        QTRY_VERIFY(!model()->asking());
    }
    /// A new call, `secondsAgo` before the scene's time.
    QString addCall(int number, double secondsAgo, gateway::CallStatus status = gateway::CallStatus::Ok)
    {
        CallRecord record = gateway.madeCall(number);
        record.id = "call_01NEW" + std::to_string(1000 + number);
        record.startedAt = FakeGateway::sceneTime() - std::chrono::milliseconds(int(secondsAgo * 1000));
        record.status = status;
        if (status == gateway::CallStatus::Failed)
            record.httpStatus = 503;
        gateway.addCall(record);
        return QString::fromStdString(record.id);
    }

    FakeGateway gateway;
    ui::bridge::ViewContext view;
    CallsPane pane;
};

} // namespace tests::calls
