// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"
#include "ui/bridge/config_draft.h"

#include <QAbstractListModel>
#include <QHash>
#include <QSet>
#include <QStyledItemDelegate>

namespace ui::providers {

/// The providers of a draft with their health of now and of the last 24 hours.
class ProviderListModel final : public QAbstractListModel
{
    Q_OBJECT
public:
    enum Role {
        Name = Qt::DisplayRole,
        Models = Qt::UserRole + 1,
        StateIcon, StateRole, StateText, StateNotable,
        Bins,          ///< QList<HealthBin>
        P95, Errors,   ///< as text
        ErrorRole,     ///< int(widgets::Role): how bad the share is
        Locked,        ///< bool: owned by the file
        Enabled,       ///< bool
        Testing,       ///< bool
        ConfigIndex,
    };

    ProviderListModel(const bridge::ConfigDraft &draft, QObject *parent);

    void setSearch(const QString &text);
    void setHealth(std::vector<gateway::api::TargetHealth> health);
    void setStrips(std::vector<gateway::api::ProviderStrip> strips);
    void setTesting(const QString &name, bool testing);
    /// What a test said last: "ok", or the words of the step that failed; shown until the next.
    void setTestResult(const QString &name, bool ok, const QString &words);
    void reload();
    [[nodiscard]] int rowOf(int configIndex) const { return static_cast<int>(m_rows.indexOf(configIndex)); }
    [[nodiscard]] const gateway::api::ProviderStrip *strip(const std::string &provider) const;
    [[nodiscard]] const std::vector<gateway::api::TargetHealth> &health() const { return m_health; }

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;

private:
    const gateway::config::Provider *provider(int row) const;
    void refresh();

    const bridge::ConfigDraft &m_draft;
    QString m_search;
    QList<int> m_rows;
    std::vector<gateway::api::TargetHealth> m_health;
    std::vector<gateway::api::ProviderStrip> m_strips;
    QSet<QString> m_testing;
    QHash<QString, std::pair<bool, QString>> m_results;
};

/// 64 px: state, mark, name over models, health strip over what is notable, p95, errors.
class ProviderDelegate final : public QStyledItemDelegate
{
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;

    /// Left edges of the columns in a row of this width; -1: no room, left out.
    struct Columns
    {
        int name, strip, p95, errors, right;
    };
    static Columns columns(int width);
};

/// The heads of the list's columns, 28 px.
class ListHeader final : public QWidget
{
    Q_OBJECT
public:
    explicit ListHeader(QWidget *parent = nullptr);
    void setSince(const QString &since);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QString m_since;
};

} // namespace ui::providers
