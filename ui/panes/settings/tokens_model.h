// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"

#include <QAbstractTableModel>

#include <vector>

namespace ui::settings {

QString roleName(gateway::config::AdminRole role); ///< "Owner"
QString roleWords(gateway::config::AdminRole role); ///< what its bearer may do, in a line

/// The admin tokens: first the installation's own, which is in a file of the data folder, then those of the configuration.
class TokensModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { Name, Role, May, State, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;
    /// @param file  the name of the --config file, which tokens that come from it name
    void setTokens(std::vector<gateway::config::AdminToken> tokens, const QString &file);
    /// nullptr: the row is the installation's own token.
    [[nodiscard]] const gateway::config::AdminToken *token(int row) const;
    [[nodiscard]] int rowOf(const std::string &name) const; ///< -1: there is none

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    [[nodiscard]] QString text(int row, int column) const;
    [[nodiscard]] QVariant stateLook(int row, int role) const;

    std::vector<gateway::config::AdminToken> m_tokens;
    QString m_file;
};

} // namespace ui::settings
