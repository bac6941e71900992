// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/log_sink.h"
#include "gateway/core/telemetry_status.h"

#include <QAbstractTableModel>

#include <optional>
#include <vector>

namespace ui::settings {

/// The log sinks, in the order of the configuration, and how each goes. GUI thread.
class SinksModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { Name, Place, Sent, Waiting, State, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;
    void setSinks(std::vector<gateway::config::LogSink> sinks);
    void setStatuses(std::vector<gateway::SinkStatus> statuses); ///< what is chosen stays so
    [[nodiscard]] const gateway::config::LogSink *sink(int row) const; ///< nullptr: there is none
    [[nodiscard]] int rowOf(const std::string &name) const;            ///< -1: there is none

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    [[nodiscard]] QString text(int row, int column) const;
    [[nodiscard]] std::optional<gateway::SinkStatus> statusOf(int row) const;

    std::vector<gateway::config::LogSink> m_sinks;
    std::vector<gateway::SinkStatus> m_statuses;
};

} // namespace ui::settings
