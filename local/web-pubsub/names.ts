/** Which names the service accepts: https://learn.microsoft.com/rest/api/webpubsub/dataplane/web-pub-sub/send-to-group */

const HUB_NAME = /^[A-Za-z][A-Za-z0-9_`,.[\]]{0,127}$/;
const MAX_GROUP_NAME_LENGTH = 1024;

export function isHubName(name: string): boolean {
  return HUB_NAME.test(name);
}

export function isGroupName(name: string): boolean {
  return name.trim() !== '' && name.length <= MAX_GROUP_NAME_LENGTH;
}
