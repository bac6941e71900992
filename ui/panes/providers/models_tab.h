// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"
#include "ui/widgets/card.h"
#include "ui/widgets/table_view.h"

#include <QAbstractTableModel>

#include <functional>

class QLineEdit;
class QStringListModel;

namespace ui::providers {

/// Models of a provider with the prices that differ from the catalogue; the catalogue's own stand muted where nothing
/// is said. Prices are edited in place, in dollars a million tokens.
class ModelsModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { Id, Input, Output, Cached, Source, ColumnCount };
    using QAbstractTableModel::QAbstractTableModel;

    void show(const gateway::config::Provider &provider, std::function<gateway::config::ModelSettings(const std::string &model)> catalogue, bool editable);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;
    bool setData(const QModelIndex &index, const QVariant &value, int role) override;

Q_SIGNALS:
    void edited(int row, const gateway::config::ModelSettings &model);

private:
    std::vector<gateway::config::ModelSettings> m_models, m_catalogue;
    std::string m_provider;
    bool m_editable = true;
};

class ModelsTab final : public QWidget
{
    Q_OBJECT
public:
    explicit ModelsTab(QWidget *parent = nullptr);
    void show(const gateway::config::Provider &provider, bool editable);
    using QWidget::show;
    void offerModels(const QStringList &names);

Q_SIGNALS:
    void edited(int row, const gateway::config::ModelSettings &model);
    void addWanted(const QString &model);
    void removeWanted(int row);
    void listWanted();   ///< ask the provider for its models

private:
    ModelsModel *m_model;
    widgets::TableView *m_table;
    QLineEdit *m_new;
    widgets::Button *m_add, *m_ask, *m_remove;
    QStringListModel *m_offers;
    QWidget *m_none;
    bool m_editable = true;
};

} // namespace ui::providers
